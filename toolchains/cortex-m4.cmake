# Arm Cortex-M4 with a single-precision FPU: the core the size table is measured on.
#   cmake -S . -B build/cortex-m4 -G Ninja -DCMAKE_TOOLCHAIN_FILE=toolchains/cortex-m4.cmake -DCMAKE_BUILD_TYPE=MinSizeRel
set(SPEEDWELL_CORE cortex-m4)
include("${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake")
