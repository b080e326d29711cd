#include "speedwell/numerics.h"

#include <stdint.h>
#include <string.h>

/* Every operand passes through a volatile, so that the processor computes and not the compiler. */

static float from_bits(uint32_t bits) {
  float value;
  (void)memcpy(&value, &bits, sizeof value); /* MISRA deviation D.3 */
  return value;
}

static uint32_t to_bits(float value) {
  uint32_t bits;
  (void)memcpy(&bits, &value, sizeof bits); /* MISRA deviation D.3 */
  return bits;
}

static uint32_t sum_of(uint32_t a, uint32_t b) {
  volatile float x = from_bits(a);
  volatile float y = from_bits(b);
  volatile float result = x + y;
  return to_bits(result);
}

static uint32_t product_of(uint32_t a, uint32_t b) {
  volatile float x = from_bits(a);
  volatile float y = from_bits(b);
  volatile float result = x * y;
  return to_bits(result);
}

static uint32_t quotient_of(uint32_t a, uint32_t b) {
  volatile float x = from_bits(a);
  volatile float y = from_bits(b);
  volatile float result = x / y;
  return to_bits(result);
}

/* a * b - c in one expression: shows a fused operation or an intermediate result of more precision. */
static uint32_t product_less(uint32_t a, uint32_t b, uint32_t c) {
  volatile float x = from_bits(a);
  volatile float y = from_bits(b);
  volatile float z = from_bits(c);
  const float xv = x;
  const float yv = y;
  const float zv = z;
  volatile float result = (xv * yv) - zv;
  return to_bits(result);
}

#define ONE 0x3F800000u
#define SMALLEST_NORMAL 0x00800000u
#define INFINITE 0x7F800000u

/* Round to nearest, ties to even, in binary32. */
static bool rounds_as_ieee(void) {
  bool right = sum_of(ONE, 0x33800000u) == ONE;                           /* 1 + 2^-24: tie, to even */
  right = right && (sum_of(ONE, 0x33800001u) == 0x3F800001u);             /* just above the tie */
  right = right && (sum_of(0x3F800001u, 0x33800000u) == 0x3F800002u);     /* tie, to even upwards */
  right = right && (sum_of(0xBF800000u, 0xB3800001u) == 0xBF800001u);     /* a negative sum */
  right = right && (quotient_of(ONE, 0x40400000u) == 0x3EAAAAABu);        /* 1 / 3 */
  right = right && (product_of(0x3F800001u, 0x3F800001u) == 0x3F800002u); /* (1 + 2^-23)^2 */
  right = right && (product_less(0x3F800001u, 0x3F800001u, 0x3F800002u) == 0u);
  return right;
}

typedef enum { SUBNORMALS_KEPT, SUBNORMALS_FLUSHED, SUBNORMALS_WRONG } subnormals_t;

static subnormals_t subnormals(void) {
  /* as a result, as an operand (doubled, a subnormal becomes a normal number), and in a sum of two */
  const uint32_t result = product_of(SMALLEST_NORMAL, 0x3F000000u);
  const uint32_t operand = product_of(0x00400000u, 0x40000000u);
  const uint32_t between = sum_of(0x00000001u, 0x00000001u);
  subnormals_t found = SUBNORMALS_WRONG;
  if ((result == 0x00400000u) && (operand == SMALLEST_NORMAL) && (between == 0x00000002u)) {
    found = SUBNORMALS_KEPT;
  } else if (((result == 0u) || (result == 0x00400000u)) && ((operand == 0u) || (operand == SMALLEST_NORMAL)) &&
             ((between == 0u) || (between == 0x00000002u))) {
    found = SUBNORMALS_FLUSHED;
  } else {
    /* neither: wrong */
  }
  return found;
}

static bool knows_infinity_and_nan(void) {
  bool right = product_of(0x7F7FFFFFu, 0x40000000u) == INFINITE; /* overflow */
  right = right && (quotient_of(ONE, 0u) == INFINITE);
  right = right && ((sum_of(INFINITE, 0xFF800000u) & 0x7FFFFFFFu) > INFINITE); /* inf - inf is a NaN */
  return right;
}

spw_numerics_t spw_numerics_class(void) {
  spw_numerics_t found = SPW_NUMERICS_ANY;
  if (rounds_as_ieee()) {
    const subnormals_t kind = subnormals();
    if (kind == SUBNORMALS_KEPT) {
      found = SPW_NUMERICS_IEEE;
    } else if (kind == SUBNORMALS_FLUSHED) {
      found = SPW_NUMERICS_FTZ;
    } else {
      /* stays unknown */
    }
  }
  return found;
}

bool spw_numerics_self_test(void) {
  return (spw_numerics_class() != SPW_NUMERICS_ANY) && knows_infinity_and_nan();
}
