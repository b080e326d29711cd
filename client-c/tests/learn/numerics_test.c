/* The numerics class is found by computing, in whatever mode the processor is. */
#include "speedwell/numerics.h"

#include <fenv.h>
#include <stddef.h>
#include <stdint.h>

#include "check.h"

/* SPW-NUM-02 */
static void keeps_subnormals_by_default(void **state) {
  (void)state;
  assert_int_equal(spw_numerics_class(), SPW_NUMERICS_IEEE);
  assert_true(spw_numerics_self_test());
}

/* SPW-NUM-02 */
static void another_rounding_is_no_class_and_fails_the_self_test(void **state) {
  const int modes[] = {FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};
  (void)state;
  for (size_t i = 0u; i < 3u; i++) {
    assert_int_equal(fesetround(modes[i]), 0);
    const spw_numerics_t found = spw_numerics_class();
    const bool passed = spw_numerics_self_test();
    (void)fesetround(FE_TONEAREST);
    assert_int_equal(found, SPW_NUMERICS_ANY);
    assert_false(passed);
  }
}

#if defined(__SSE__)
#include <xmmintrin.h>

/* SPW-NUM-02 */
static void flushing_results_operands_or_both_is_ftz(void **state) {
  const unsigned int flags[] = {0x8000u, 0x0040u, 0x8040u}; /* FTZ, DAZ, both */
  const unsigned int before = _mm_getcsr();
  (void)state;
  for (size_t i = 0u; i < 3u; i++) {
    _mm_setcsr(before | flags[i]);
    const spw_numerics_t found = spw_numerics_class();
    const bool passed = spw_numerics_self_test();
    _mm_setcsr(before);
    assert_int_equal(found, SPW_NUMERICS_FTZ);
    assert_true(passed);
  }
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(keeps_subnormals_by_default),
    cmocka_unit_test(another_rounding_is_no_class_and_fails_the_self_test),
#if defined(__SSE__)
    cmocka_unit_test(flushing_results_operands_or_both_is_ftz),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
