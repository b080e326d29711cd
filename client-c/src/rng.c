#include "rng.h"

void spw_rng_seed(uint64_t *state, uint64_t seed) {
  *state = seed;
  (void)spw_rng_next(state); /* seeds that differ in few bits part here */
  (void)spw_rng_next(state);
}

uint32_t spw_rng_next(uint64_t *state) {
  const uint64_t old = *state;
  *state = (old * 6364136223846793005u) + 1442695040888963407u;
  const uint32_t mixed = (uint32_t)((((old >> 18) ^ old) >> 27) & 0xFFFFFFFFu);
  const uint32_t turn = (uint32_t)(old >> 59);
  return (mixed >> turn) | (mixed << ((32u - turn) & 31u));
}

uint32_t spw_rng_upto(uint64_t *state, uint32_t most) {
  return (uint32_t)(((uint64_t)spw_rng_next(state) * ((uint64_t)most + 1u)) >> 32);
}
