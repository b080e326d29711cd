#include "update.h"

#include <string.h>

#include "bytes.h"
#include "text.h"

enum { ELEMENT_SIZE = 4 };

_Static_assert(sizeof(float) == (size_t)ELEMENT_SIZE, "float is IEEE binary32");

static uint32_t tensor_size(const spw_tensor_t *tensor) {
  uint32_t size = (uint32_t)ELEMENT_SIZE;
  for (uint32_t i = 0u; i < (uint32_t)tensor->rank; ++i) {
    size *= tensor->dims[i];
  }
  return size;
}

/* Like tensor_size, for a tensor not checked yet; 0: not well-formed, or more than `limit` bytes. */
static uint32_t checked_size(const spw_tensor_t *tensor, uint32_t limit) {
  uint64_t size = (uint64_t)ELEMENT_SIZE;
  bool good = (tensor->name != NULL) && (tensor->data != NULL) && (tensor->rank >= 1u) &&
              (tensor->rank <= (uint8_t)SPW_RANK_MAX) && (tensor->rule <= (uint8_t)SPW_RULE_FROZEN);
  if (good) {
    const uint32_t name_size = spw_text_length(tensor->name, 64u);
    good = (name_size >= 1u) && (name_size <= 64u);
  }
  for (uint32_t i = 0u; good && (i < (uint32_t)tensor->rank); ++i) {
    size *= tensor->dims[i]; /* below 2^63: size was at most limit */
    good = (size != 0u) && (size <= limit);
  }
  return good ? (uint32_t)size : 0u;
}

bool spw_update_check(const spw_trainer_t *trainer) {
  uint32_t left = 0x7FFFFFFFu;
  for (uint32_t i = 0u; i < trainer->tensor_count; ++i) {
    const uint32_t size = checked_size(&trainer->tensors[i], left);
    if (size == 0u) {
      return false;
    }
    left = spw_minus(left, size);
  }
  return true;
}

/* How much of a tensor takes part. */
static uint32_t part_size(const spw_tensor_t *tensor, spw_way_t way) {
  const bool moves = (tensor->rule == (uint8_t)SPW_RULE_MEAN) || (tensor->rule == (uint8_t)SPW_RULE_SUM) ||
                     ((way == SPW_DOWN) && (tensor->rule == (uint8_t)SPW_RULE_FROZEN));
  return moves ? tensor_size(tensor) : 0u;
}

uint32_t spw_update_size(const spw_trainer_t *trainer, spw_way_t way) {
  uint32_t size = 0u;
  for (uint32_t i = 0u; i < trainer->tensor_count; ++i) {
    size += part_size(&trainer->tensors[i], way);
  }
  return size;
}

/* Where byte `at` of a vector lies in memory. */
typedef struct {
  float *data;     /* of the tensor */
  uint32_t offset; /* bytes from there */
  uint32_t size;   /* how many of the bytes wanted lie there, one after the other */
} place_t;

/* False: the vector ends before `at`. */
static bool find(const spw_trainer_t *trainer, spw_way_t way, uint32_t at, uint32_t wanted, place_t *place) {
  place->offset = at;
  for (uint32_t i = 0u; i < trainer->tensor_count; ++i) {
    const spw_tensor_t *tensor = &trainer->tensors[i];
    const uint32_t size = part_size(tensor, way);
    if (place->offset < size) {
      place->data = tensor->data;
      place->size = spw_least(wanted, size - place->offset);
      return true;
    }
    place->offset -= size;
  }
  return false;
}

/* Copies bytes between wire order and an array of numbers in memory. */
static void to_memory(float *data, uint32_t offset, const uint8_t *bytes, uint32_t size) {
  uint8_t *memory = (uint8_t *)data;
#if SPW_BIG_ENDIAN
  for (uint32_t i = 0u; i < size; ++i) {
    memory[(offset + i) ^ 3u] = bytes[i];
  }
#else
  (void)memcpy(&memory[offset], bytes, size);
#endif
}

static void to_wire(uint8_t *bytes, const float *data, uint32_t offset, uint32_t size) {
  const uint8_t *memory = (const uint8_t *)data;
#if SPW_BIG_ENDIAN
  for (uint32_t i = 0u; i < size; ++i) {
    bytes[i] = memory[(offset + i) ^ 3u];
  }
#else
  (void)memcpy(bytes, &memory[offset], size);
#endif
}

void spw_update_write(const spw_trainer_t *trainer, uint32_t at, const uint8_t *bytes, uint32_t size) {
  place_t place;
  uint32_t done = 0u;
  while ((done < size) && find(trainer, SPW_DOWN, at + done, size - done, &place)) {
    to_memory(place.data, place.offset, &bytes[done], place.size);
    done += place.size;
  }
}

/* Encodes the element at the place into the first of the bytes wanted; cuts the place down to the part of it. */
static void encode_element(const spw_encoding_t *encoding, uint32_t at, uint8_t *bytes, place_t *place) {
  uint8_t element[ELEMENT_SIZE] = {0u, 0u, 0u, 0u};
  const uint32_t skipped = at % (uint32_t)ELEMENT_SIZE;
  place->size = spw_least(place->size, (uint32_t)ELEMENT_SIZE - skipped);
  encoding->element(encoding->self, at / (uint32_t)ELEMENT_SIZE, place->data[place->offset / (uint32_t)ELEMENT_SIZE],
                    element);
  (void)memcpy(bytes, &element[skipped], place->size);
}

/* Gets bytes of the update; bytes NULL: hands whole elements to the encoding as the base instead. */
static void walk(const spw_trainer_t *trainer, const spw_encoding_t *encoding, uint32_t at, uint8_t *bytes,
                 uint32_t size) {
  place_t place;
  uint32_t done = 0u;
  while ((done < size) && find(trainer, SPW_UP, at + done, size - done, &place)) {
    if (bytes == NULL) {
      encoding->base(encoding->self, (at + done) / (uint32_t)ELEMENT_SIZE,
                     &place.data[place.offset / (uint32_t)ELEMENT_SIZE], place.size / (uint32_t)ELEMENT_SIZE);
    } else if (encoding == NULL) {
      to_wire(&bytes[done], place.data, place.offset, place.size);
    } else {
      encode_element(encoding, at + done, &bytes[done], &place);
    }
    done += place.size;
  }
}

void spw_update_read(const spw_trainer_t *trainer, const spw_encoding_t *encoding, uint32_t at, uint8_t *bytes,
                     uint32_t size) {
  walk(trainer, encoding, at, bytes, size);
}

void spw_update_base(const spw_trainer_t *trainer, const spw_encoding_t *encoding, uint32_t at, uint32_t size) {
  walk(trainer, encoding, at, NULL, size);
}
