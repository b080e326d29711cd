# The compiler flags of each core of a bare board: the one place where they stand.
set(SPEEDWELL_CORE_cortex-m4 -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16)
set(SPEEDWELL_CORE_cortex-m4-soft -mcpu=cortex-m4 -mthumb -mfloat-abi=soft)
set(SPEEDWELL_CORE_cortex-m0plus -mcpu=cortex-m0plus -mthumb -mfloat-abi=soft)
