/* Byte order: little-endian on the wire, the machine's own in memory. */
#ifndef SPW_BYTES_H
#define SPW_BYTES_H

#include <stdint.h>
#include <string.h>

#include "compiler.h"

/* Copies one number of `size` bytes between wire and memory. */
static inline void spw_copy_number(uint8_t *to, const uint8_t *from, uint32_t size) {
#if SPW_BIG_ENDIAN
  //@ loop unroll 8;
  for (uint32_t i = 0u; i < size; ++i) {
    to[i] = from[size - 1u - i];
  }
#else
  (void)memcpy(to, from, size);
#endif
}

/* The set that holds `number` alone; 0..31. */
static inline uint32_t spw_bit(uint32_t number) {
  return (uint32_t)1u << (number & 31u);
}

static inline uint32_t spw_least(uint32_t a, uint32_t b) {
  return (a < b) ? a : b;
}

/* a - b, or 0 where that would be negative. */
/*@ assigns \nothing;
    ensures \result == (a > b ? a - b : 0); */
static inline uint32_t spw_minus(uint32_t a, uint32_t b) {
  uint32_t difference = 0u;
  if (a > b) {
    difference = a - b;
  }
  return difference;
}

#endif
