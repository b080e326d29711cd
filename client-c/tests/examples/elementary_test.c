/* exp and log against the C library's in double precision, over their whole ranges. */
#include "elementary.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "check.h"

static void exp_is_accurate(void **state) {
  (void)state;
  for (int32_t i = -87000; i <= 88000; i++) {
    const float x = (float)i / 1000.0f;
    const double exact = exp((double)x);
    assert_true(fabs((double)elementary_exp(x) - exact) <= (2.0 * (double)FLT_EPSILON * exact));
  }
  assert_true(elementary_exp(0.0f) == 1.0f);
}

static void exp_never_leaves_the_normal_numbers(void **state) {
  const float extremes[] = {-88.0f, -1000.0f, -FLT_MAX, 89.0f, 1000.0f, FLT_MAX};
  (void)state;
  for (size_t i = 0u; i < (sizeof extremes / sizeof extremes[0]); i++) {
    assert_true(isnormal(elementary_exp(extremes[i])));
  }
}

static void log_is_accurate(void **state) {
  (void)state;
  for (uint32_t bits = 0x00800000u; bits < 0x7F800000u; bits += 10007u) { /* every normal size */
    float x;
    (void)memcpy(&x, &bits, sizeof x);
    const double exact = log((double)x);
    assert_true(fabs((double)elementary_log(x) - exact) <= (2.0 * (double)FLT_EPSILON * fabs(exact)));
  }
  assert_true(elementary_log(1.0f) == 0.0f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exp_is_accurate),
      cmocka_unit_test(exp_never_leaves_the_normal_numbers),
      cmocka_unit_test(log_is_accurate),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
