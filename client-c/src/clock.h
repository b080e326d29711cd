/* Times in ms on a clock that wraps at 2^32. Written in 64 bits, so that nothing overflows unseen: compilers make one
 * 32-bit addition or subtraction of it. */
#ifndef SPW_CLOCK_H
#define SPW_CLOCK_H

#include <stdint.h>

/* The time `ms` after `time`. */
static inline uint32_t spw_clock_after(uint32_t time, uint32_t ms) {
  return (uint32_t)(((uint64_t)time + ms) & 0xFFFFFFFFu);
}

/* From `earlier` to `later`. */
static inline uint32_t spw_clock_between(uint32_t earlier, uint32_t later) {
  return (uint32_t)((((uint64_t)later + 0x100000000u) - earlier) & 0xFFFFFFFFu);
}

#endif
