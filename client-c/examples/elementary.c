#include "elementary.h"

#include <stdint.h>
#include <string.h>

static float from_bits(uint32_t bits) {
  float value;
  (void)memcpy(&value, &bits, sizeof value);
  return value;
}

static uint32_t to_bits(float value) {
  uint32_t bits;
  (void)memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* ln 2 in two parts: the first has so few bits that its product with an exponent is exact. */
static const float LN2_HIGH = 0.693359375f;
static const float LN2_LOW = -2.12194440e-4f;

float elementary_exp(float x) {
  const float bounded = (x < -87.0f) ? -87.0f : ((x > 88.0f) ? 88.0f : x);
  const float scaled = bounded * 1.44269504f;
  const int32_t exponent = (int32_t)((scaled < 0.0f) ? (scaled - 0.5f) : (scaled + 0.5f));
  const float r = (bounded - ((float)exponent * LN2_HIGH)) - ((float)exponent * LN2_LOW);
  /* Taylor, |r| <= ln 2 / 2 */
  float sum = 1.0f / 5040.0f;
  sum = (sum * r) + (1.0f / 720.0f);
  sum = (sum * r) + (1.0f / 120.0f);
  sum = (sum * r) + (1.0f / 24.0f);
  sum = (sum * r) + (1.0f / 6.0f);
  sum = (sum * r) + 0.5f;
  sum = (sum * (r * r)) + r;
  return (sum + 1.0f) * from_bits((uint32_t)(exponent + 127) << 23u);
}

float elementary_log(float x) {
  /* x = m * 2^exponent with m in [sqrt(1/2), sqrt(2)) */
  const uint32_t bits = to_bits(x);
  const uint32_t offset = bits - 0x3F3504F3u; /* sqrt(1/2) */
  const int32_t exponent = (int32_t)(offset >> 23u) - ((offset >= 0x80000000u) ? 512 : 0);
  const float m = from_bits((offset & 0x007FFFFFu) + 0x3F3504F3u);
  /* log m = 2 artanh(s) */
  const float s = (m - 1.0f) / (m + 1.0f);
  const float z = s * s;
  float sum = 1.0f / 9.0f;
  sum = (sum * z) + (1.0f / 7.0f);
  sum = (sum * z) + (1.0f / 5.0f);
  sum = (sum * z) + (1.0f / 3.0f);
  sum = (sum * z) * s;
  return ((float)exponent * LN2_HIGH) + (((float)exponent * LN2_LOW) + (2.0f * (s + sum)));
}
