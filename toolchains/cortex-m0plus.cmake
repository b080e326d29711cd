# Arm Cortex-M0+: the smallest core, without an FPU.
set(SPEEDWELL_CORE_FLAGS "-mcpu=cortex-m0plus -mfloat-abi=soft")
include("${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake")
