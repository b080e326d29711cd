/* A seeded generator for trainers: SplitMix64. The same seed gives the same numbers on every machine. Not secret. */
#ifndef SPEEDWELL_RANDOM_H
#define SPEEDWELL_RANDOM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any state is a valid one: set it to the seed. */
typedef struct {
  uint64_t state;
} spw_random_t;

/* The next number, uniform in 0..2^32 - 1. */
uint32_t spw_random_u32(spw_random_t *random);

/* Uniform in 0..bound - 1, without bias; bound >= 1. */
uint32_t spw_random_below(spw_random_t *random, uint32_t bound);

/* Puts values[0..count) into a uniformly random order. O(count). */
void spw_random_shuffle(spw_random_t *random, uint32_t *values, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
