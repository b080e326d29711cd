/*
 * Which arithmetic is this? Updates of devices whose arithmetic is of one class are the same bits for the same task.
 * The class is found by computing, not by asking the compiler: subnormal handling is a mode of the processor, and of
 * the thread.
 */
#ifndef SPEEDWELL_NUMERICS_H
#define SPEEDWELL_NUMERICS_H

#include <stdbool.h>

#include "speedwell/trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SPW_NUMERICS_IEEE: binary32 with round to nearest even, and subnormals kept in operands and results.
 * SPW_NUMERICS_FTZ:  the same, but subnormals are read, written or both as zero.
 * SPW_NUMERICS_ANY:  neither: another rounding, more precision than binary32, or fused multiply-add where none was
 *                    written. Training works; its bits are this device's own.
 * Call it once at start, in the thread that trains, and put it into spw_trainer_t.numerics. Takes microseconds. */
spw_numerics_t spw_numerics_class(void);

/* True if the class is SPW_NUMERICS_IEEE or SPW_NUMERICS_FTZ, and infinity and NaN behave as IEEE 754 says (a server
 * trusts a device to notice them). A device for which this is false should not take part. */
bool spw_numerics_self_test(void);

#ifdef __cplusplus
}
#endif

#endif
