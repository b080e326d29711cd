/* What the harnesses share: values that may be anything. */
#ifndef PROOFS_ENVIRONMENT_H
#define PROOFS_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "__fc_builtin.h"
#include "speedwell.pb.h"
#include "speedwell/client.h"

extern volatile uint32_t any_u32;
extern volatile float any_f32;
volatile uint32_t any_u32;
volatile float any_f32;

static inline bool any_bool(void) {
  return (any_u32 & 1u) != 0u;
}

static inline uint32_t any_up_to(uint32_t most) {
  const uint32_t value = any_u32;
  return (value <= most) ? value : most;
}

static inline uint64_t any_u64(void) {
  return ((uint64_t)any_u32 << 32) | any_u32;
}

static inline void any_bytes(uint8_t *bytes, uint32_t size) {
  Frama_C_make_unknown((char *)bytes, size);
}

#endif
