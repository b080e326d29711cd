/* The generator gives known numbers; draws are in range and without bias; shuffles are permutations. */
#include "speedwell/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "check.h"

/* SPW-NUM-04 */
static void is_splitmix64(void **state) {
  /* The generator's published first outputs for this seed. */
  const uint64_t published[] = {6457827717110365317u, 3203168211198807973u, 9817491932198370423u};
  spw_random_t random = {1234567u};
  (void)state;
  for (size_t i = 0u; i < 3u; i++) {
    assert_int_equal(spw_random_u32(&random), (uint32_t)(published[i] >> 32u));
  }
}

/* SPW-NUM-04 */
static void draws_below_a_bound_evenly(void **state) {
  spw_random_t random = {7u};
  uint32_t counts[10] = {0u};
  (void)state;
  for (uint32_t i = 0u; i < 10000u; i++) {
    const uint32_t drawn = spw_random_below(&random, 10u);
    assert_in_range(drawn, 0u, 9u);
    counts[drawn]++;
  }
  for (size_t i = 0u; i < 10u; i++) {
    assert_in_range(counts[i], 850u, 1150u); /* five standard deviations */
  }
  assert_int_equal(spw_random_below(&random, 1u), 0u);
}

/* SPW-NUM-04 */
static void leaves_out_the_numbers_that_would_bias(void **state) {
  /* With bound 3 * 2^30 one quarter of all numbers is left out; kept ones reach every third of the range alike. */
  const uint32_t bound = 0xC0000000u;
  spw_random_t random = {99u};
  uint32_t thirds[3] = {0u};
  (void)state;
  for (uint32_t i = 0u; i < 9000u; i++) {
    thirds[spw_random_below(&random, bound) >> 30u]++;
  }
  for (size_t i = 0u; i < 3u; i++) {
    assert_in_range(thirds[i], 2750u, 3250u);
  }
}

/* SPW-NUM-04 */
static void shuffles_to_a_permutation_of_the_seed(void **state) {
  uint32_t first[100];
  uint32_t second[100];
  uint32_t other[100];
  bool seen[100] = {false};
  (void)state;
  for (uint32_t i = 0u; i < 100u; i++) {
    first[i] = i;
    second[i] = i;
    other[i] = i;
  }
  spw_random_shuffle(&(spw_random_t){5u}, first, 100u);
  spw_random_shuffle(&(spw_random_t){5u}, second, 100u);
  spw_random_shuffle(&(spw_random_t){6u}, other, 100u);
  for (uint32_t i = 0u; i < 100u; i++) {
    assert_in_range(first[i], 0u, 99u);
    assert_false(seen[first[i]]);
    seen[first[i]] = true;
  }
  assert_memory_equal(first, second, sizeof first);
  assert_memory_not_equal(first, other, sizeof first);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_splitmix64),
      cmocka_unit_test(draws_below_a_bound_evenly),
      cmocka_unit_test(leaves_out_the_numbers_that_would_bias),
      cmocka_unit_test(shuffles_to_a_permutation_of_the_seed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
