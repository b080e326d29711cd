# Arm Cortex-M0+: the smallest core, without an FPU.
set(SPEEDWELL_CORE cortex-m0plus)
include("${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake")
