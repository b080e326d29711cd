#include "rng.h"

void spw_rng_seed(uint64_t *state, uint64_t seed) {
  *state = seed;
  (void)spw_rng_next(state); /* seeds that differ in few bits part here */
  (void)spw_rng_next(state);
}

/* 64-bit arithmetic modulo 2^64, in products and sums that do not overflow. */
uint32_t spw_rng_next(uint64_t *state) {
  const uint64_t old = *state;
  const uint64_t low = ((old & 0xFFFFFFFFu) * 0x4C957F2Du) + 0xF767814Fu; /* times 0x5851F42D4C957F2D ... */
  const uint64_t high = (low >> 32) + 0x14057B7Eu + (((old & 0xFFFFFFFFu) * 0x5851F42Du) & 0xFFFFFFFFu) +
                        (((old >> 32) * 0x4C957F2Du) & 0xFFFFFFFFu); /* ... plus 0x14057B7EF767814F */
  *state = ((high & 0xFFFFFFFFu) << 32) | (low & 0xFFFFFFFFu);
  const uint64_t mixed = (((old >> 18) ^ old) >> 27) & 0xFFFFFFFFu;
  return (uint32_t)((((mixed << 32) | mixed) >> (old >> 59)) & 0xFFFFFFFFu); /* turned by 0..31 */
}

uint32_t spw_rng_upto(uint64_t *state, uint32_t most) {
  return (uint32_t)(((uint64_t)spw_rng_next(state) * ((uint64_t)most + 1u)) >> 32);
}
