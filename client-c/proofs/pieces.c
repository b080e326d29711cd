/* The parts of the core that stand for themselves: updates and their framing, layouts, configurations, metrics and the
 * checksum, with models of several tensors and any bytes. (SPW-MEM-05) */
#include "crc32c.h"
#include "environment.h"
#include "layout.h"
#include "speedwell/config.h"
#include "speedwell/metrics.h"
#include "update.h"

enum { TOTAL_MOST = 22, PIECE_MOST = 6, CONFIG_MOST = 12, METRICS_MOST = 45, CHUNK_MOST = 9 };

/* Objects of their own, so that a byte before or behind one is out of bounds. */
static float matrix[2];
static float vector[1];
static float cube[2];
static const char long_name[] = "a-name-of-64-bytes-a-name-of-64-bytes-a-name-of-64-bytes-a-name-";
static spw_tensor_t tensors[3] = {{"m", matrix, {2u, 1u, 0u, 0u}, 2u, 0u},
                                  {long_name, vector, {1u, 0u, 0u, 0u}, 1u, 0u},
                                  {"cube", cube, {1u, 2u, 1u, 1u}, 4u, (uint8_t)SPW_RULE_FROZEN}};
static spw_trainer_t trainer = {NULL, tensors, 3u, 0u, 0u, NULL, NULL, NULL};

static void base_any(void *self, uint32_t first, const float *values, uint32_t count) {
  /*@ assert readable: count == 0 || \valid_read(values + (0 .. count - 1)); */
}

static void element_any(void *self, uint32_t index, float value, uint8_t bytes[4]) {
  any_bytes(bytes, 4u);
}

static const spw_encoding_t encoding = {NULL, 1u, 10u, base_any, element_any};

/* Every piece of every update of these tensors, whatever may happen to the first two of them. */
static void updates(void) {
  uint8_t bytes[PIECE_MOST];
  const uint32_t first_rule = any_up_to(3u);
  const uint32_t second_rule = any_up_to(3u);
  const uint32_t at = any_up_to((uint32_t)TOTAL_MOST);
  const uint32_t size = any_up_to((uint32_t)PIECE_MOST);
  any_bytes(bytes, sizeof(bytes));
  any_bytes((uint8_t *)matrix, sizeof(matrix));
  any_bytes((uint8_t *)vector, sizeof(vector));
  any_bytes((uint8_t *)cube, sizeof(cube));
  //@ split first_rule;
  //@ split second_rule;
  tensors[0].rule = (uint8_t)first_rule;
  tensors[1].rule = (uint8_t)second_rule;
  if (spw_update_check(&trainer) && (spw_update_size(&trainer, SPW_UP) <= spw_update_size(&trainer, SPW_DOWN))) {
    //@ split at;
    //@ split size;
    uint8_t *piece = &bytes[(uint32_t)PIECE_MOST - size]; /* what lies behind it is out of bounds */
    spw_update_write(&trainer, at, piece, size);
    spw_update_read(&trainer, NULL, at, piece, size);
    spw_update_read(&trainer, &encoding, at, piece, size);
    spw_update_base(&trainer, &encoding, at, size);
  }
}

/* Tables that are not well-formed, or too large. */
static void checks(void) {
  static char name[70];
  static spw_tensor_t odd[2];
  const spw_trainer_t strange = {NULL, odd, 2u, 0u, 0u, NULL, NULL, NULL};
  any_bytes((uint8_t *)name, sizeof(name));
  for (uint32_t i = 0u; i < 2u; ++i) {
    odd[i].name = any_bool() ? name : NULL;
    odd[i].data = any_bool() ? matrix : NULL;
    odd[i].rank = (uint8_t)any_up_to(255u);
    odd[i].rule = (uint8_t)any_up_to(255u);
    any_bytes((uint8_t *)odd[i].dims, sizeof(odd[i].dims));
  }
  (void)spw_update_check(&strange);
}

static void ends(const spw_layout_walk_t *walk) {
  spw_view_t name;
  //@ split walk->tensor;
  (void)spw_layout_end(walk, &trainer, &name);
  /*@ assert few: name.size <= 64; */
  /*@ assert readable: name.size == 0 || \valid_read(name.bytes + (0 .. name.size - 1)); */
}

/* A server's layout, in pieces. */
static void layouts(void) {
  static spw_layout_walk_t walk;
  uint8_t bytes[CHUNK_MOST];
  (void)spw_layout_crc(&trainer);
  spw_layout_begin(&walk);
  while (any_bool()) {
    any_bytes(bytes, sizeof(bytes));
    spw_layout_compare(&walk, &trainer, bytes, any_up_to((uint32_t)CHUNK_MOST));
  }
  ends(&walk);
}

/* Any configuration, any key. */
static void configs(void) {
  uint8_t bytes[CONFIG_MOST];
  char key[36];
  const spw_view_t none = {NULL, 0u};
  spw_task_t task;
  any_bytes(bytes, sizeof(bytes));
  any_bytes((uint8_t *)key, sizeof(key) - 1u);
  key[35] = '\0';
  task.config.bytes = bytes;
  task.config.size = any_up_to((uint32_t)CONFIG_MOST);
  (void)spw_config_f32(&task, key, any_f32);
  (void)spw_config_u32(&task, key, any_u32);
  (void)spw_config_bool(&task, key, any_bool());
  (void)spw_config_text(&task, key, none); /* that it is readable is asserted where it is found */
}

/* Any number of metrics, with any names and values. */
static void metrics(void) {
  uint8_t bytes[METRICS_MOST];
  char name[36];
  spw_result_t result;
  (void)memset(&result, 0, sizeof(result));
  result.metrics = bytes;
  result.metrics_capacity = any_up_to((uint32_t)METRICS_MOST);
  name[35] = '\0';
  while (any_bool()) {
    any_bytes((uint8_t *)name, sizeof(name) - 1u);
    (void)spw_metric_add(&result, (spw_metric_kind_t)any_u32, name, any_f32, any_f32);
  }
  /*@ assert within: result.metrics_size <= METRICS_MOST; */
}

static void checksums(void) {
  uint8_t bytes[PIECE_MOST];
  const spw_blob_key_t key = {any_u64(), any_u32, any_u32, any_u32, any_u32, any_u32};
  any_bytes(bytes, sizeof(bytes));
  (void)spw_crc_end(spw_crc_add(spw_crc_blob(&key), bytes, any_up_to((uint32_t)PIECE_MOST)));
}

int main(void) {
  checks();
  layouts();
  configs();
  metrics();
  checksums();
  updates();
  return 0;
}
