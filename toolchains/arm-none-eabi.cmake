# Bare Arm boards: GCC without a system and without a C library. Included by the file of a core, which sets
# SPEEDWELL_CORE_FLAGS. What is built brings its own start-up code, linker script and memcpy/memset/memmove.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "${SPEEDWELL_CORE_FLAGS} -mthumb -ffreestanding -ffunction-sections -fdata-sections")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -Wl,--gc-sections")
