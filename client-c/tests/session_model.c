#include "session_model.h"

#include <string.h>

float session_parameter(uint32_t round, uint32_t index) {
  return (float)((1000u * round) + index);
}

void session_make_parameters(session_t *self) {
  for (uint32_t i = 0u; i < (uint32_t)DOWN_ELEMENTS; ++i) {
    const float value = session_parameter(self->task + 1u, i);
    (void)memcpy(&self->device->parameters[4u * i], &value, 4u); /* the tests run on little-endian machines */
  }
}

void session_check_update(const session_t *self) {
  float first = 0.0f;
  (void)memcpy(&first, self->bytes[0], 4u);
  const float trained = first - session_parameter(self->task + 1u, 0u);
  assert_true((trained >= 1.0f) && (trained <= 200.0f));
  for (uint32_t i = 0u; i < (uint32_t)UP_ELEMENTS; ++i) {
    float value = 0.0f;
    (void)memcpy(&value, &self->bytes[0][4u * i], 4u);
    assert_true(value == (session_parameter(self->task + 1u, (i < 40u) ? i : (i + 2u)) + trained));
  }
}
