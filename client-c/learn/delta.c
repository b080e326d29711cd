/* The encoding f32 delta: per element new minus base, in binary32. */
#include <string.h>

#include "bytes.h"
#include "speedwell/encoding.h"

enum { ENCODING_DELTA_F32 = 1 };

static void delta_base(void *self, uint32_t first, const float *values, uint32_t count) {
  spw_delta_t *delta = (spw_delta_t *)self; /* MISRA deviation D.1 */
  if ((first <= delta->capacity) && (count <= (delta->capacity - first))) {
    (void)memcpy(&delta->base[first], values, (size_t)count * sizeof(float));
  }
}

static void delta_element(void *self, uint32_t index, float value, uint8_t bytes[4]) {
  const spw_delta_t *delta = (const spw_delta_t *)self; /* MISRA deviation D.1 */
  const float base = (index < delta->capacity) ? delta->base[index] : 0.0f;
  const float difference = value - base;
  spw_copy_number(bytes, (const uint8_t *)&difference, 4u);
}

void spw_encoding_delta(spw_encoding_t *encoding, spw_delta_t *delta) {
  encoding->self = delta;
  encoding->id = (uint32_t)ENCODING_DELTA_F32;
  encoding->capacity = delta->capacity;
  encoding->base = &delta_base;
  encoding->element = &delta_element;
}
