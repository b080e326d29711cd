/* cmocka and what it wants before it. */
#ifndef TESTING_H
#define TESTING_H

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

/* A small generator for test data, seeded by the test. */
static inline uint32_t test_random(uint64_t *state) {
  *state = (*state * 6364136223846793005u) + 1442695040888963407u;
  return (uint32_t)(*state >> 33);
}

static inline uint32_t test_below(uint64_t *state, uint32_t bound) {
  return test_random(state) % bound;
}

#endif
