#include "layout.h"

#include "bytes.h"
#include "crc32c.h"
#include "text.h"

enum { NAME_MOST = 64, ELEMENT_F32 = 1, ROLE_LAYOUT = 1 };

/* One tensor's entry: n, name, element type, rule, rank, dimensions. */
static uint32_t entry_size(const spw_tensor_t *tensor) {
  return 4u + spw_text_length(tensor->name, (uint32_t)NAME_MOST) + (4u * (uint32_t)tensor->rank);
}

static uint8_t entry_byte(const spw_tensor_t *tensor, uint32_t name_size, uint32_t at) {
  uint8_t byte = 0u;
  if (at == 0u) {
    byte = (uint8_t)name_size;
  } else if (at <= name_size) {
    byte = ((const uint8_t *)tensor->name)[at - 1u];
  } else {
    const uint32_t rest = at - name_size - 1u;
    if (rest == 0u) {
      byte = (uint8_t)ELEMENT_F32;
    } else if (rest == 1u) {
      byte = tensor->rule;
    } else if (rest == 2u) {
      byte = tensor->rank;
    } else {
      const uint32_t place = rest - 3u;
      const uint32_t number = spw_least(place / 4u, (uint32_t)SPW_RANK_MAX - 1u);
      byte = (uint8_t)((tensor->dims[number] >> (8u * (place % 4u))) & 0xFFu);
    }
  }
  return byte;
}

uint32_t spw_layout_length(const spw_trainer_t *trainer) {
  uint32_t length = 0u;
  for (uint32_t i = 0u; i < trainer->tensor_count; ++i) {
    length += entry_size(&trainer->tensors[i]);
  }
  return length;
}

uint32_t spw_layout_crc(const spw_trainer_t *trainer) {
  const spw_blob_key_t key = {0u, (uint32_t)ROLE_LAYOUT, 0u, 0u, 0u, spw_layout_length(trainer)};
  uint32_t crc = spw_crc_blob(&key);
  for (uint32_t i = 0u; i < trainer->tensor_count; ++i) {
    const spw_tensor_t *tensor = &trainer->tensors[i];
    const uint32_t name_size = spw_text_length(tensor->name, (uint32_t)NAME_MOST);
    const uint32_t size = entry_size(tensor);
    for (uint32_t at = 0u; at < size; ++at) {
      const uint8_t byte = entry_byte(tensor, name_size, at);
      crc = spw_crc_add(crc, &byte, 1u);
    }
  }
  return spw_crc_end(crc);
}

void spw_layout_begin(spw_layout_walk_t *walk) {
  walk->tensor = 0u;
  walk->at = 0u;
  walk->differs = false;
  walk->name[0] = 0u;
}

/* The entry of a tensor that the trainer lacks: only its name is wanted, for the message. */
static void gather_name(spw_layout_walk_t *walk, uint8_t byte) {
  if (walk->at == 0u) {
    walk->name[0] = (byte <= (uint8_t)NAME_MOST) ? byte : (uint8_t)NAME_MOST;
  } else if (walk->at <= (uint32_t)walk->name[0]) {
    walk->name[walk->at] = byte;
  } else {
    walk->differs = true;
  }
  walk->at += walk->differs ? 0u : 1u;
}

void spw_layout_compare(spw_layout_walk_t *walk, const spw_trainer_t *trainer, const uint8_t *bytes, uint32_t size) {
  for (uint32_t i = 0u; (i < size) && (!walk->differs); ++i) {
    //@ split walk->tensor;
    if (walk->tensor >= trainer->tensor_count) {
      gather_name(walk, bytes[i]);
    } else {
      const spw_tensor_t *tensor = &trainer->tensors[walk->tensor];
      const uint32_t name_size = spw_text_length(tensor->name, (uint32_t)NAME_MOST);
      walk->differs = (bytes[i] != entry_byte(tensor, name_size, walk->at));
      walk->at += walk->differs ? 0u : 1u;
      if (walk->at >= entry_size(tensor)) {
        ++walk->tensor;
        walk->at = 0u;
      }
    }
  }
}

bool spw_layout_end(const spw_layout_walk_t *walk, const spw_trainer_t *trainer, spw_view_t *name) {
  bool same = false;
  if (walk->tensor >= trainer->tensor_count) {
    same = (walk->at == 0u);
    name->bytes = &walk->name[1];
    name->size = spw_least(spw_minus(walk->at, 1u), (uint32_t)NAME_MOST); /* a layout may end within the name */
  } else {
    name->bytes = (const uint8_t *)trainer->tensors[walk->tensor].name;
    name->size = spw_text_length(trainer->tensors[walk->tensor].name, (uint32_t)NAME_MOST);
  }
  return same;
}
