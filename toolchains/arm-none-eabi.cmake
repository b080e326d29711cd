# Bare Arm boards: GCC without a system and without a C library. Included by the file of a core, which sets
# SPEEDWELL_CORE. What is linked brings its own start-up code, linker script, memcpy, memset and memmove.
include("${CMAKE_CURRENT_LIST_DIR}/cores.cmake")
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
# <string.h>, for those three, comes with the probe image.
set(headers "${CMAKE_CURRENT_LIST_DIR}/../client-c/tests/image/include")
list(JOIN SPEEDWELL_CORE_${SPEEDWELL_CORE} " " flags)
set(CMAKE_C_FLAGS_INIT "${flags} -ffreestanding -ffunction-sections -fdata-sections -isystem \"${headers}\"")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections")
