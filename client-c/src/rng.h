/* A small seeded generator for back-off and update ids (PCG-XSH-RR 64/32); not for cryptography, not for training. */
#ifndef SPW_RNG_H
#define SPW_RNG_H

#include <stdint.h>

void spw_rng_seed(uint64_t *state, uint64_t seed);
uint32_t spw_rng_next(uint64_t *state);
/* Uniform in [0, most]. */
uint32_t spw_rng_upto(uint64_t *state, uint32_t most);

#endif
