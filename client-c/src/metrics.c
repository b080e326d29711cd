#include "speedwell/metrics.h"

#include <string.h>

#include "bytes.h"
#include "text.h"

enum { NAME_MOST = 32, METRICS_MOST = 1024 };

static uint32_t bits_of(float value) {
  uint32_t bits = 0u;
  (void)memcpy(&bits, &value, sizeof(bits)); /* MISRA deviation D.3 */
  return bits;
}

static bool finite(uint32_t bits) {
  return (bits & 0x7F800000u) != 0x7F800000u;
}

bool spw_metric_add(spw_result_t *result, spw_metric_kind_t kind, const char *name, float value, float weight) {
  const uint32_t name_size = spw_text_length(name, (uint32_t)NAME_MOST);
  const uint32_t size = 10u + name_size;
  const uint32_t held = result->metrics_size;
  const uint32_t room = spw_least(result->metrics_capacity, (uint32_t)METRICS_MOST);
  const uint32_t weight_bits = bits_of(weight);
  const bool negative = (weight_bits > 0x80000000u); /* -0 is not */
  //@ split name_size;
  //@ split held;
  if ((kind < SPW_METRIC_MEAN) || (kind > SPW_METRIC_MAX) || (name_size == 0u) || (name_size > (uint32_t)NAME_MOST) ||
      (!finite(bits_of(value))) || (!finite(weight_bits)) || negative || (held > room) ||
      (size > spw_minus(room, held))) {
    return false;
  }
  uint8_t *to = &result->metrics[held];
  to[0] = (uint8_t)kind;
  to[1] = (uint8_t)name_size;
  (void)memcpy(&to[2], name, name_size);
  spw_copy_number(&to[2u + name_size], (const uint8_t *)&value, 4u);
  spw_copy_number(&to[6u + name_size], (const uint8_t *)&weight, 4u);
  result->metrics_size = held + size;
  return true;
}
