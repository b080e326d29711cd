#include "speedwell/config.h"

#include <stddef.h>

#include "bytes.h"
#include "text.h"

enum { TYPE_F32 = 1, TYPE_U32 = 2, TYPE_BOOL = 3, TYPE_TEXT = 4, KEY_MOST = 32 };

/* Reads the entry at *at: its key and its value; *at becomes the next one. 0: the end, an unknown type or a truncated
 * entry; otherwise the entry's type. */
static uint32_t next_entry(spw_view_t config, uint32_t *at, spw_view_t *key, spw_view_t *value) {
  const uint8_t *bytes = config.bytes;
  uint32_t left = config.size - *at;
  if (left < 2u) {
    return 0u;
  }
  const uint32_t type = bytes[*at];
  key->size = bytes[*at + 1u];
  left -= 2u;
  if (left < (key->size + 1u)) { /* a value has at least one byte */
    return 0u;
  }
  uint32_t start = *at + 2u + key->size;
  left -= key->size;
  key->bytes = &bytes[*at + 2u];
  if (type == (uint32_t)TYPE_TEXT) {
    value->size = bytes[start];
    ++start;
    --left;
  } else if (type == (uint32_t)TYPE_BOOL) {
    value->size = 1u;
  } else {
    value->size = 4u;
  }
  if ((type < (uint32_t)TYPE_F32) || (type > (uint32_t)TYPE_TEXT) || (left < value->size)) {
    return 0u;
  }
  value->bytes = &bytes[start];
  *at = start + value->size;
  return type;
}

static bool same(spw_view_t key, const char *name, uint32_t name_size) {
  bool equal = (key.size == name_size);
  for (uint32_t i = 0u; equal && (i < name_size); ++i) {
    equal = (key.bytes[i] == (uint8_t)name[i]);
  }
  return equal;
}

static bool find(const spw_task_t *task, const char *name, uint32_t wanted, spw_view_t *value) {
  const uint32_t name_size = spw_text_length(name, (uint32_t)KEY_MOST);
  spw_view_t key = {NULL, 0u};
  uint32_t at = 0u;
  uint32_t type = next_entry(task->config, &at, &key, value);
  while (type != 0u) {
    if (same(key, name, name_size)) {
      return type == wanted;
    }
    type = next_entry(task->config, &at, &key, value);
  }
  return false;
}

float spw_config_f32(const spw_task_t *task, const char *key, float otherwise) {
  spw_view_t bytes = {NULL, 0u};
  float value = otherwise;
  if (find(task, key, (uint32_t)TYPE_F32, &bytes)) {
    spw_copy_number((uint8_t *)&value, bytes.bytes, 4u);
  }
  return value;
}

uint32_t spw_config_u32(const spw_task_t *task, const char *key, uint32_t otherwise) {
  spw_view_t bytes = {NULL, 0u};
  uint32_t value = otherwise;
  if (find(task, key, (uint32_t)TYPE_U32, &bytes)) {
    spw_copy_number((uint8_t *)&value, bytes.bytes, 4u);
  }
  return value;
}

bool spw_config_bool(const spw_task_t *task, const char *key, bool otherwise) {
  spw_view_t bytes = {NULL, 0u};
  bool value = otherwise;
  if (find(task, key, (uint32_t)TYPE_BOOL, &bytes) && (bytes.bytes[0] <= 1u)) {
    value = (bytes.bytes[0] == 1u);
  }
  return value;
}

spw_view_t spw_config_text(const spw_task_t *task, const char *key, spw_view_t otherwise) {
  spw_view_t value = otherwise;
  spw_view_t bytes = {NULL, 0u};
  if (find(task, key, (uint32_t)TYPE_TEXT, &bytes)) {
    value = bytes;
  }
  return value;
}
