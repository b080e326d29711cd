/*
 * Updates: a table of tensors of any shapes and rules, parameters coming down and an update going up in pieces of any
 * places and sizes, plain and as differences. A model of four lines says what must be where. (SPW-BLB-06, SPW-MEM-05)
 */
#include "update.h"

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "layout.h"

enum { TENSORS_MOST = 6, ELEMENTS_MOST = 512, BYTES_MOST = 4 * ELEMENTS_MOST };

typedef struct {
  spw_tensor_t tensors[TENSORS_MOST];
  spw_trainer_t trainer;
  float data[ELEMENTS_MOST];
  /* which element of `data` each element of the two vectors is */
  uint32_t places[2][ELEMENTS_MOST];
  uint32_t counts[2];
} world_t;

static void add_places(world_t *self, spw_way_t way, uint32_t first, uint32_t count) {
  for (uint32_t i = 0u; i < count; ++i) {
    self->places[way][self->counts[way]] = first + i;
    ++self->counts[way];
  }
}

/* Tensors of up to 5 x 5 x 3 elements: six of them fit. */
static void build(world_t *self, fuzz_input_t *input) {
  static const char *const names[TENSORS_MOST] = {"a", "b.weight", "c", "d.bias", "e", "f"};
  static const uint32_t most[SPW_RANK_MAX] = {5u, 5u, 3u, 1u};
  uint32_t at = 0u;
  (void)memset(self, 0, sizeof(*self));
  self->trainer.tensors = self->tensors;
  self->trainer.tensor_count = 1u + fuzz_below(input, TENSORS_MOST);
  for (uint32_t i = 0u; i < self->trainer.tensor_count; ++i) {
    spw_tensor_t *tensor = &self->tensors[i];
    uint32_t count = 1u;
    tensor->name = names[i];
    tensor->data = &self->data[at];
    tensor->rank = (uint8_t)(1u + fuzz_below(input, SPW_RANK_MAX));
    tensor->rule = (uint8_t)fuzz_below(input, 4u);
    for (uint32_t k = 0u; k < (uint32_t)tensor->rank; ++k) {
      tensor->dims[k] = 1u + fuzz_below(input, most[k]);
      count *= tensor->dims[k];
    }
    if (tensor->rule != (uint8_t)SPW_RULE_LOCAL) {
      add_places(self, SPW_DOWN, at, count);
    }
    if (tensor->rule <= (uint8_t)SPW_RULE_SUM) {
      add_places(self, SPW_UP, at, count);
    }
    at += count;
  }
}

/* Bytes [at, at + size) of a vector of known numbers. */
static uint8_t known(uint32_t at) {
  const float value = (float)(at / 4u) + 0.5f;
  uint8_t bytes[4];
  (void)memcpy(bytes, &value, 4u); /* the tests run on little-endian machines */
  return bytes[at % 4u];
}

static void come_down(world_t *self, fuzz_input_t *input) {
  const uint32_t total = 4u * self->counts[SPW_DOWN];
  uint32_t at = 0u;
  while (at < total) {
    uint8_t piece[256];
    uint32_t size = 1u + fuzz_byte(input);
    size = (size > (uint32_t)sizeof(piece)) ? (uint32_t)sizeof(piece) : size; /* the last one may go beyond the end */
    for (uint32_t i = 0u; i < size; ++i) {
      piece[i] = known(at + i);
    }
    spw_update_write(&self->trainer, at, piece, size);
    at += size;
  }
  uint32_t next = 0u;
  for (uint32_t i = 0u; i < (uint32_t)ELEMENTS_MOST; ++i) {
    const bool moved = (next < self->counts[SPW_DOWN]) && (self->places[SPW_DOWN][next] == i);
    FUZZ_CHECK(self->data[i] == (moved ? ((float)next + 0.5f) : 0.0f));
    next += moved ? 1u : 0u;
  }
}

/* An encoding of differences, with its own view of what it was given. */
typedef struct {
  float base[ELEMENTS_MOST];
  uint32_t count;
} differences_t;

static void base(void *context, uint32_t first, const float *values, uint32_t count) {
  differences_t *self = context;
  FUZZ_CHECK((first == self->count) && (count >= 1u));
  (void)memcpy(&self->base[first], values, count * sizeof(float));
  self->count += count;
}

static void element(void *context, uint32_t index, float value, uint8_t bytes[4]) {
  const differences_t *self = context;
  FUZZ_CHECK(index < self->count);
  const float difference = value - self->base[index];
  (void)memcpy(bytes, &difference, 4u);
}

static void go_up(world_t *self, fuzz_input_t *input, const spw_encoding_t *encoding, const differences_t *remembered) {
  const uint32_t total = 4u * self->counts[SPW_UP];
  for (uint32_t tries = 0u; tries < 8u; ++tries) { /* any pieces, in any order, again and again */
    uint8_t piece[258];
    const uint32_t upper = fuzz_byte(input);
    const uint32_t at = ((256u * upper) + fuzz_byte(input)) % (total + 8u);
    const uint32_t size = fuzz_byte(input);
    (void)memset(piece, 0xA5, sizeof(piece));
    spw_update_read(&self->trainer, encoding, at, &piece[1], size);
    for (uint32_t i = 0u; i < (uint32_t)sizeof(piece); ++i) {
      uint8_t expected = 0xA5u;
      if ((i >= 1u) && (i <= size) && ((at + i - 1u) < total)) {
        const uint32_t place = at + i - 1u;
        float value = self->data[self->places[SPW_UP][place / 4u]];
        uint8_t bytes[4];
        value -= (encoding != NULL) ? remembered->base[place / 4u] : 0.0f;
        (void)memcpy(bytes, &value, 4u);
        expected = bytes[place % 4u];
      }
      FUZZ_CHECK(piece[i] == expected);
    }
  }
}

static void remember(world_t *self, fuzz_input_t *input, const spw_encoding_t *encoding, differences_t *remembered) {
  const uint32_t total = 4u * self->counts[SPW_UP];
  uint32_t at = 0u;
  while (at < total) {
    uint32_t size = 4u * (1u + fuzz_below(input, 64u));
    size = (size > (total - at)) ? (total - at) : size;
    spw_update_base(&self->trainer, encoding, at, size);
    at += size;
  }
  FUZZ_CHECK(remembered->count == self->counts[SPW_UP]);
  for (uint32_t i = 0u; i < remembered->count; ++i) {
    FUZZ_CHECK(remembered->base[i] == self->data[self->places[SPW_UP][i]]);
  }
}

/* The trainer's own layout compares as the same, in pieces; one bit away it does not. */
static void compare_layout(const world_t *self, fuzz_input_t *input) {
  uint8_t layout[256];
  uint32_t size = 0u;
  for (uint32_t i = 0u; i < self->trainer.tensor_count; ++i) {
    const spw_tensor_t *tensor = &self->tensors[i];
    const uint32_t name = (uint32_t)strlen(tensor->name);
    layout[size] = (uint8_t)name;
    (void)memcpy(&layout[size + 1u], tensor->name, name);
    size += 1u + name;
    layout[size] = 1u;
    layout[size + 1u] = tensor->rule;
    layout[size + 2u] = tensor->rank;
    (void)memcpy(&layout[size + 3u], tensor->dims, 4u * (size_t)tensor->rank);
    size += 3u + (4u * (uint32_t)tensor->rank);
  }
  FUZZ_CHECK(spw_layout_length(&self->trainer) == size);
  const uint32_t place = fuzz_byte(input) % size;
  const uint32_t bit = fuzz_below(input, 9u); /* 8: none */
  layout[place] ^= (uint8_t)((bit < 8u) ? (1u << bit) : 0u);
  spw_layout_walk_t walk;
  spw_view_t name = {NULL, 0u};
  spw_layout_begin(&walk);
  for (uint32_t at = 0u; at < size;) {
    uint32_t piece = 1u + fuzz_byte(input);
    piece = (piece > (size - at)) ? (size - at) : piece;
    spw_layout_compare(&walk, &self->trainer, &layout[at], piece);
    at += piece;
  }
  FUZZ_CHECK(spw_layout_end(&walk, &self->trainer, &name) == (bit == 8u));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  static world_t world;
  static differences_t differences;
  fuzz_input_t input = {bytes, size, 0u};
  const spw_encoding_t encoding = {&differences, 1u, ELEMENTS_MOST, base, element};
  differences.count = 0u;
  build(&world, &input);
  FUZZ_CHECK(spw_update_check(&world.trainer));
  FUZZ_CHECK(spw_update_size(&world.trainer, SPW_DOWN) == (4u * world.counts[SPW_DOWN]));
  FUZZ_CHECK(spw_update_size(&world.trainer, SPW_UP) == (4u * world.counts[SPW_UP]));
  come_down(&world, &input);
  remember(&world, &input, &encoding, &differences);
  for (uint32_t i = 0u; i < (uint32_t)ELEMENTS_MOST; ++i) {
    world.data[i] += (float)fuzz_below(&input, 3u); /* training */
  }
  go_up(&world, &input, NULL, &differences);
  go_up(&world, &input, &encoding, &differences);
  compare_layout(&world, &input);
  return 0;
}
