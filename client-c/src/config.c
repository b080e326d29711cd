#include "speedwell/config.h"

#include <stddef.h>

#include "bytes.h"
#include "text.h"

enum { TYPE_F32 = 1, TYPE_U32 = 2, TYPE_BOOL = 3, TYPE_TEXT = 4, KEY_MOST = 32 };

/* What is looked for. */
typedef struct {
  const uint8_t *key;
  uint32_t key_size;
  uint32_t type;
} wanted_t;

typedef enum {
  ENTRY_OTHER = 0,    /* not the one: the next may be */
  ENTRY_FOUND = 1,    /* *value is set */
  ENTRY_MISTYPED = 2, /* the key, with another type */
  ENTRY_NONE = 3      /* the end, an unknown type or a truncated entry */
} entry_t;

static bool same(const uint8_t *key, uint32_t size, const wanted_t *wanted) {
  bool equal = true;
  if (size != wanted->key_size) {
    return false;
  }
  for (uint32_t i = 0u; equal && (i < size); ++i) {
    equal = (key[i] == wanted->key[i]);
  }
  return equal;
}

/* Looks at the entry at *at, which becomes the next one. */
static entry_t look(spw_view_t config, uint32_t *at, const wanted_t *wanted, spw_view_t *value) {
  const uint32_t begin = *at;
  uint32_t left = 0u;
  uint32_t type = 0u;
  uint32_t key_size = 0u;
  uint32_t start = 0u;
  uint32_t size = 4u;
  //@ split begin;
  left = spw_minus(config.size, begin);
  if (left < 2u) {
    return ENTRY_NONE;
  }
  type = config.bytes[begin];
  key_size = config.bytes[begin + 1u];
  left -= 2u;
  if (left <= key_size) { /* a value has at least one byte */
    return ENTRY_NONE;
  }
  //@ split key_size;
  left = spw_minus(left, key_size);
  start = begin + 2u + key_size;
  if (type == (uint32_t)TYPE_TEXT) {
    size = config.bytes[start];
    left = spw_minus(left, 1u);
    ++start;
  } else if (type == (uint32_t)TYPE_BOOL) {
    size = 1u;
  } else {
    /* a number */
  }
  if ((type < (uint32_t)TYPE_F32) || (type > (uint32_t)TYPE_TEXT) || (left < size)) {
    return ENTRY_NONE;
  }
  *at = start + size;
  if (!same(&config.bytes[begin + 2u], key_size, wanted)) {
    return ENTRY_OTHER;
  }
  if (type != wanted->type) {
    return ENTRY_MISTYPED;
  }
  //@ assert inside: size == 0u || \valid_read(config.bytes + (start .. start + size - 1u));
  value->bytes = &config.bytes[start];
  value->size = size;
  return ENTRY_FOUND;
}

static bool get(const spw_task_t *task, const char *key, uint32_t type, spw_view_t *value) {
  const wanted_t wanted = {(const uint8_t *)key, spw_text_length(key, (uint32_t)KEY_MOST), type};
  uint32_t at = 0u;
  entry_t entry = ENTRY_OTHER;
  while (entry == ENTRY_OTHER) {
    entry = look(task->config, &at, &wanted, value);
  }
  return entry == ENTRY_FOUND;
}

float spw_config_f32(const spw_task_t *task, const char *key, float otherwise) {
  spw_view_t bytes = {NULL, 0u};
  float value = otherwise;
  if (get(task, key, (uint32_t)TYPE_F32, &bytes)) {
    spw_copy_number((uint8_t *)&value, bytes.bytes, 4u);
  }
  return value;
}

uint32_t spw_config_u32(const spw_task_t *task, const char *key, uint32_t otherwise) {
  spw_view_t bytes = {NULL, 0u};
  uint32_t value = otherwise;
  if (get(task, key, (uint32_t)TYPE_U32, &bytes)) {
    spw_copy_number((uint8_t *)&value, bytes.bytes, 4u);
  }
  return value;
}

bool spw_config_bool(const spw_task_t *task, const char *key, bool otherwise) {
  spw_view_t bytes = {NULL, 0u};
  bool value = otherwise;
  if (get(task, key, (uint32_t)TYPE_BOOL, &bytes) && (bytes.bytes[0] <= 1u)) {
    value = (bytes.bytes[0] == 1u);
  }
  return value;
}

spw_view_t spw_config_text(const spw_task_t *task, const char *key, spw_view_t otherwise) {
  spw_view_t value = otherwise;
  spw_view_t bytes = {NULL, 0u};
  if (get(task, key, (uint32_t)TYPE_TEXT, &bytes)) {
    value = bytes;
  }
  return value;
}
