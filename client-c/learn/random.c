#include "speedwell/random.h"

uint32_t spw_random_u32(spw_random_t *random) {
  uint64_t z;
  random->state += 0x9E3779B97F4A7C15u;
  z = random->state;
  z = (z ^ (z >> 30u)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27u)) * 0x94D049BB133111EBu;
  return (uint32_t)((z ^ (z >> 31u)) >> 32u);
}

uint32_t spw_random_below(spw_random_t *random, uint32_t bound) {
  /* Numbers below 2^32 mod bound would be drawn once too often. */
  const uint32_t unfair = (0u - bound) % bound;
  uint32_t number = spw_random_u32(random);
  while (number < unfair) {
    number = spw_random_u32(random);
  }
  return number % bound;
}

void spw_random_shuffle(spw_random_t *random, uint32_t *values, uint32_t count) {
  for (uint32_t left = count; left > 1u; left--) {
    const uint32_t chosen = spw_random_below(random, left);
    const uint32_t value = values[chosen];
    values[chosen] = values[left - 1u];
    values[left - 1u] = value;
  }
}
