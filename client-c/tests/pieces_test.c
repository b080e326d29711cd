/* The small parts: checksums, layouts, updates, config, metrics, random numbers, the delta encoding. */
#include <string.h>

#include "crc32c.h"
#include "layout.h"
#include "rng.h"
#include "speedwell/config.h"
#include "speedwell/encoding.h"
#include "speedwell/metrics.h"
#include "testing.h"
#include "update.h"

static float weight[6];
static float local[5];
static float frozen[2];
static float bias[3];
static const spw_tensor_t tensors[4] = {
    SPW_MATRIX("layer.weight", weight, 2u, 3u),
    {"head", local, {5u, 0u, 0u, 0u}, 1u, (uint8_t)SPW_RULE_LOCAL},
    {"norm", frozen, {1u, 2u, 0u, 0u}, 2u, (uint8_t)SPW_RULE_FROZEN},
    {"layer.bias", bias, {3u, 0u, 0u, 0u}, 1u, (uint8_t)SPW_RULE_SUM},
};
static const spw_trainer_t trainer = {NULL, tensors, 4u, 0u, 0u, NULL, NULL, NULL};

static uint32_t crc_of(const void *bytes, uint32_t size) {
  return spw_crc_end(spw_crc_add(SPW_CRC_START, bytes, size));
}

/* SPW-BLB-07 */
static void checksums_have_their_known_values(void **state) {
  uint8_t block[32]; /* RFC 3720, B.4 */
  (void)state;
  assert_int_equal(crc_of("123456789", 9u), 0xE3069283u);
  (void)memset(block, 0, sizeof(block));
  assert_int_equal(crc_of(block, 32u), 0x8A9136AAu);
  (void)memset(block, 0xFF, sizeof(block));
  assert_int_equal(crc_of(block, 32u), 0x62A8AB43u);
  for (uint8_t i = 0u; i < 32u; ++i) {
    block[i] = i;
  }
  assert_int_equal(crc_of(block, 32u), 0x46DD794Eu);
}

/* SPW-BLB-01, SPW-BLB-07 */
static void a_blobs_checksum_covers_its_metadata(void **state) {
  static const uint8_t tuple[22] = {17,   1,    8,    7,    6,    5,    4,    3,    2,    1,    0x44,
                                    0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55, 0xCC, 0xBB, 0xAA, 0x19};
  const spw_blob_key_t key = {0x0102030405060708u, 17u, 1u, 0x11223344u, 0x55667788u, 0x19AABBCCu};
  (void)state;
  assert_int_equal(spw_crc_blob(&key), spw_crc_add(SPW_CRC_START, tuple, 22u));
}

static const uint8_t layout[] = {12,  'l', 'a', 'y', 'e', 'r', '.', 'w', 'e', 'i', 'g', 'h', 't', 1, 0, 2, 2,  0,
                                 0,   0,   3,   0,   0,   0,   4,   'h', 'e', 'a', 'd', 1,   2,   1, 5, 0, 0,  0,
                                 4,   'n', 'o', 'r', 'm', 1,   3,   2,   1,   0,   0,   0,   2,   0, 0, 0, 10, 'l',
                                 'a', 'y', 'e', 'r', '.', 'b', 'i', 'a', 's', 1,   1,   1,   3,   0, 0, 0};

/* Compares in pieces of `piece` bytes. */
static bool compare(const uint8_t *bytes, uint32_t size, uint32_t piece, spw_layout_walk_t *walk, spw_view_t *name) {
  spw_layout_begin(walk);
  for (uint32_t at = 0u; at < size; at += piece) {
    spw_layout_compare(walk, &trainer, &bytes[at], ((size - at) < piece) ? (size - at) : piece);
  }
  return spw_layout_end(walk, &trainer, name);
}

/* SPW-TSK-02 */
static void a_layout_is_made_from_the_tensors(void **state) {
  const spw_blob_key_t key = {0u, 1u, 0u, 0u, 0u, sizeof(layout)};
  (void)state;
  assert_int_equal(spw_layout_length(&trainer), sizeof(layout));
  assert_int_equal(spw_layout_crc(&trainer), spw_crc_end(spw_crc_add(spw_crc_blob(&key), layout, sizeof(layout))));
}

/* SPW-TSK-02 */
static void a_layout_that_differs_is_named(void **state) {
  spw_layout_walk_t walk;
  spw_view_t name = {NULL, 0u};
  (void)state;
  for (uint32_t piece = 1u; piece <= sizeof(layout); ++piece) {
    assert_true(compare(layout, sizeof(layout), piece, &walk, &name));
    for (uint32_t at = 0u; at < sizeof(layout); at += 5u) {
      uint8_t other[sizeof(layout)];
      (void)memcpy(other, layout, sizeof(layout));
      other[at] ^= 0x01u;
      assert_false(compare(other, sizeof(other), piece, &walk, &name));
      const char *expected = (at < 24u) ? "layer.weight" : ((at < 36u) ? "head" : ((at < 52u) ? "norm" : "layer.bias"));
      assert_int_equal(name.size, strlen(expected));
      assert_memory_equal(name.bytes, expected, name.size);
    }
    /* The server has a tensor less, and one more. */
    assert_false(compare(layout, 52u, piece, &walk, &name));
    assert_memory_equal(name.bytes, "layer.bias", name.size);
    uint8_t longer[sizeof(layout) + 12u];
    (void)memcpy(longer, layout, sizeof(layout));
    static const uint8_t extra[12] = {5, 'e', 'x', 't', 'r', 'a', 1, 0, 1, 2, 0, 0};
    (void)memcpy(&longer[sizeof(layout)], extra, sizeof(extra));
    assert_false(compare(longer, sizeof(longer), piece, &walk, &name));
    assert_int_equal(name.size, 5u);
    assert_memory_equal(name.bytes, "extra", 5u);
  }
}

static void to_bytes(uint8_t *bytes, const float *values, uint32_t count) {
  for (uint32_t i = 0u; i < count; ++i) {
    uint32_t bits = 0u;
    (void)memcpy(&bits, &values[i], 4u);
    for (uint32_t k = 0u; k < 4u; ++k) {
      bytes[(4u * i) + k] = (uint8_t)(bits >> (8u * k));
    }
  }
}

/* SPW-BLB-06 */
static void vectors_keep_to_the_rules_of_the_tensors(void **state) {
  static const float down[11] = {1.f, 2.f, 3.f, 4.f, 5.f, 6.f, 7.f, 8.f, 9.f, 10.f, 11.f};
  static const float up[9] = {1.f, 2.f, 3.f, 4.f, 5.f, 6.f, 9.f, 10.f, 11.f};
  uint8_t down_bytes[44];
  uint8_t up_bytes[36];
  (void)state;
  to_bytes(down_bytes, down, 11u);
  to_bytes(up_bytes, up, 9u);
  assert_int_equal(spw_update_size(&trainer, SPW_DOWN), 44u);
  assert_int_equal(spw_update_size(&trainer, SPW_UP), 36u);
  for (uint32_t piece = 1u; piece <= 45u; ++piece) {
    uint8_t got[36];
    (void)memset(weight, 0, sizeof(weight));
    (void)memset(frozen, 0, sizeof(frozen));
    (void)memset(bias, 0, sizeof(bias));
    local[0] = -1.f;
    for (uint32_t at = 0u; at < 44u; at += piece) {
      spw_update_write(&trainer, at, &down_bytes[at], ((44u - at) < piece) ? (44u - at) : piece);
    }
    assert_memory_equal(weight, down, sizeof(weight));
    assert_memory_equal(frozen, &down[6], sizeof(frozen));
    assert_memory_equal(bias, &down[8], sizeof(bias));
    assert_true(local[0] == -1.f);
    for (uint32_t at = 0u; at < 36u; at += piece) {
      spw_update_read(&trainer, NULL, at, &got[at], ((36u - at) < piece) ? (36u - at) : piece);
    }
    assert_memory_equal(got, up_bytes, 36u);
  }
  spw_update_write(&trainer, 44u, down_bytes, 4u); /* beyond the vector: ignored */
  assert_memory_equal(bias, &down[8], sizeof(bias));
}

/* SPW-UPL-06 */
static void deltas_are_new_minus_base(void **state) {
  float base[9];
  spw_delta_t delta = {base, 9u};
  spw_encoding_t encoding;
  float expected[9];
  uint8_t expected_bytes[36];
  (void)state;
  spw_encoding_delta(&encoding, &delta);
  assert_int_equal(encoding.id, 1u);
  assert_int_equal(encoding.capacity, 9u);
  for (uint32_t i = 0u; i < 6u; ++i) {
    weight[i] = (float)i * 0.1f;
  }
  for (uint32_t i = 0u; i < 3u; ++i) {
    bias[i] = (float)i * 0.7f;
  }
  spw_update_base(&trainer, &encoding, 0u, 16u);
  spw_update_base(&trainer, &encoding, 16u, 20u);
  for (uint32_t i = 0u; i < 9u; ++i) {
    float *value = (i < 6u) ? &weight[i] : &bias[i - 6u];
    const float before = *value;
    *value = before + 1.3f;
    expected[i] = *value - before;
  }
  to_bytes(expected_bytes, expected, 9u);
  for (uint32_t piece = 1u; piece <= 36u; ++piece) {
    uint8_t got[36];
    for (uint32_t at = 0u; at < 36u; at += piece) {
      spw_update_read(&trainer, &encoding, at, &got[at], ((36u - at) < piece) ? (36u - at) : piece);
    }
    assert_memory_equal(got, expected_bytes, 36u);
  }
}

/* SPW-INT-02 */
static void bad_tensors_are_found(void **state) {
  spw_tensor_t tensor = tensors[0];
  const spw_trainer_t one = {NULL, &tensor, 1u, 0u, 0u, NULL, NULL, NULL};
  (void)state;
  assert_true(spw_update_check(&trainer));
  assert_true(spw_update_check(&one));
  tensor.dims[1] = 0u;
  assert_false(spw_update_check(&one));
  tensor.dims[0] = 0x10000u; /* 2^16 * 2^13 * 4 bytes = 2^31 */
  tensor.dims[1] = 0x2000u;
  assert_false(spw_update_check(&one));
  tensor.dims[1] = 0x1FFFu;
  assert_true(spw_update_check(&one));
  tensor.rank = 5u;
  assert_false(spw_update_check(&one));
  tensor.rank = 0u;
  assert_false(spw_update_check(&one));
  tensor = tensors[0];
  tensor.rule = 4u;
  assert_false(spw_update_check(&one));
  tensor = tensors[0];
  tensor.name = "";
  assert_false(spw_update_check(&one));
  tensor.name = "0123456789012345678901234567890123456789012345678901234567890123456";
  assert_false(spw_update_check(&one));
  tensor = tensors[0];
  tensor.data = NULL;
  assert_false(spw_update_check(&one));
}

/* SPW-BLB-05 */
static void config_is_read_with_a_default(void **state) {
  static const uint8_t bytes[] = {1, 2, 'l', 'r', 0,   0,   0, 0x3F, 2, 6,   'e', 'p', 'o', 'c', 'h', 's', 7,  1,
                                  0, 0, 3,   2,   'o', 'n', 1, 4,    4, 'n', 'a', 'm', 'e', 3,   's', 'g', 'd'};
  spw_task_t task = {0};
  const spw_view_t none = {NULL, 0u};
  (void)state;
  task.config.bytes = bytes;
  task.config.size = sizeof(bytes);
  assert_true(spw_config_f32(&task, "lr", 0.1f) == 0.5f);
  assert_int_equal(spw_config_u32(&task, "epochs", 1u), 263u);
  assert_true(spw_config_bool(&task, "on", false));
  const spw_view_t name = spw_config_text(&task, "name", none);
  assert_int_equal(name.size, 3u);
  assert_memory_equal(name.bytes, "sgd", 3u);
  assert_true(spw_config_f32(&task, "epochs", 0.1f) == 0.1f); /* another type */
  assert_int_equal(spw_config_u32(&task, "epoch", 5u), 5u);   /* absent */
  assert_true(spw_config_f32(&task, "l", 0.1f) == 0.1f);
  for (uint32_t size = 0u; size < sizeof(bytes); ++size) { /* a truncated entry reads as absent */
    uint8_t cut[sizeof(bytes)];                            /* an exact copy, so that a read beyond it is noticed */
    (void)memcpy(cut, bytes, size);
    task.config.bytes = &cut[0];
    task.config.size = size;
    assert_int_equal(spw_config_u32(&task, "epochs", 5u), (size >= 20u) ? 263u : 5u);
    assert_int_equal(spw_config_text(&task, "name", none).size, 0u);
  }
}

/* SPW-UPL-05 */
static void metrics_are_written_or_refused(void **state) {
  static const uint8_t expected[] = {1,    4, 'l', 'o', 's', 's', 0,    0,    0, 0x3F, 0, 0, 0x80,
                                     0x40, 3, 1,   'm', 0,   0,   0x80, 0xBF, 0, 0,    0, 0};
  uint8_t buffer[30];
  const uint32_t infinity_bits = 0x7F800000u;
  float infinity = 0.f;
  spw_result_t result = {0};
  (void)state;
  (void)memcpy(&infinity, &infinity_bits, 4u);
  result.metrics = buffer;
  result.metrics_capacity = sizeof(buffer);
  assert_true(spw_metric_add(&result, SPW_METRIC_MEAN, "loss", 0.5f, 4.0f));
  assert_false(spw_metric_add(&result, SPW_METRIC_MEAN, "loss", infinity, 1.0f));
  assert_false(spw_metric_add(&result, SPW_METRIC_MEAN, "loss", 1.0f, infinity));
  assert_false(spw_metric_add(&result, SPW_METRIC_MEAN, "loss", 1.0f, -1.0f));
  assert_false(spw_metric_add(&result, SPW_METRIC_MEAN, "", 1.0f, 1.0f));
  assert_false(spw_metric_add(&result, SPW_METRIC_MEAN, "012345678901234567890123456789012", 1.0f, 1.0f));
  assert_false(spw_metric_add(&result, (spw_metric_kind_t)4, "m", 1.0f, 1.0f));
  assert_true(spw_metric_add(&result, SPW_METRIC_MAX, "m", -1.0f, 0.0f));
  assert_false(spw_metric_add(&result, SPW_METRIC_SUM, "full", 1.0f, 1.0f));
  assert_int_equal(result.metrics_size, sizeof(expected));
  assert_memory_equal(buffer, expected, sizeof(expected));
}

/* SPW-SES-05 */
static void random_numbers_are_spread_and_repeatable(void **state) {
  uint64_t a = 0u;
  uint64_t b = 0u;
  uint64_t c = 0u;
  uint32_t buckets[8] = {0u};
  uint32_t equal = 0u;
  (void)state;
  spw_rng_seed(&a, 7u);
  spw_rng_seed(&b, 7u);
  spw_rng_seed(&c, 8u);
  for (uint32_t i = 0u; i < 8000u; ++i) {
    const uint32_t x = spw_rng_next(&a);
    assert_int_equal(x, spw_rng_next(&b));
    equal += (x == spw_rng_next(&c)) ? 1u : 0u;
    ++buckets[x >> 29];
    assert_true(spw_rng_upto(&c, 10u) <= 10u);
  }
  assert_true(equal < 3u);
  for (uint32_t i = 0u; i < 8u; ++i) {
    assert_in_range(buckets[i], 850u, 1150u);
  }
  assert_int_equal(spw_rng_upto(&a, 0u), 0u);
}

/* SPW-BLB-06 */
static void vectors_end_where_they_end(void **state) {
  enum { ELEMENTS = 9 };
  uint8_t bytes[8] = {0u};
  float base[ELEMENTS + 1] = {0.0f};
  spw_delta_t delta = {base, ELEMENTS};
  spw_encoding_t encoding;
  (void)state;
  spw_encoding_delta(&encoding, &delta);
  bias[2] = 1.0f;
  (void)memset(bytes, 0x55, sizeof(bytes));
  spw_update_read(&trainer, NULL, 4u * (ELEMENTS - 1u), bytes, sizeof(bytes));
  static const uint8_t expected[8] = {0u, 0u, 0x80u, 0x3Fu, 0x55u, 0x55u, 0x55u, 0x55u};
  assert_memory_equal(bytes, expected, sizeof(bytes));
  spw_update_base(&trainer, &encoding, 4u * (ELEMENTS - 1u), 8u);
  assert_true((base[ELEMENTS - 1] == 1.0f) && (base[ELEMENTS] == 0.0f));
}

/* SPW-BLB-05 */
static void a_configuration_is_read_as_far_as_it_is_good(void **state) {
  static const uint8_t no_type[] = {0u, 1u, 'k', 1u, 3u, 1u, 'b', 1u};
  static const uint8_t new_type[] = {5u, 1u, 'k', 0u, 0u, 0u, 0u, 3u, 1u, 'b', 1u};
  static const uint8_t not_bool[] = {3u, 1u, 'b', 2u};
  static const uint8_t good[] = {3u, 1u, 'b', 1u};
  spw_task_t task = {0};
  (void)state;
#define READ(bytes_) \
  (task.config.bytes = (bytes_), task.config.size = sizeof(bytes_), spw_config_bool(&task, "b", false))
  assert_false(READ(no_type));
  assert_false(READ(new_type));
  assert_false(READ(not_bool));
  assert_true(READ(good));
#undef READ
  assert_false(spw_config_bool(&task, "c", false));
  assert_true(spw_config_bool(&task, "c", true));
}

/* SPW-UPL-05 */
static void metrics_know_their_room(void **state) {
  uint8_t room[64];
  spw_result_t result = {0};
  (void)state;
  result.metrics = room;
  result.metrics_capacity = sizeof(room);
  assert_false(spw_metric_add(&result, (spw_metric_kind_t)0, "a", 1.0f, 1.0f));
  assert_true(spw_metric_add(&result, SPW_METRIC_MEAN, "a", 1.0f, 1.0f));
  result.metrics_size = sizeof(room) + 1u; /* a trainer that wrote it itself */
  assert_false(spw_metric_add(&result, SPW_METRIC_MEAN, "a", 1.0f, 1.0f));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(checksums_have_their_known_values),
      cmocka_unit_test(a_blobs_checksum_covers_its_metadata),
      cmocka_unit_test(a_layout_is_made_from_the_tensors),
      cmocka_unit_test(a_layout_that_differs_is_named),
      cmocka_unit_test(vectors_keep_to_the_rules_of_the_tensors),
      cmocka_unit_test(deltas_are_new_minus_base),
      cmocka_unit_test(bad_tensors_are_found),
      cmocka_unit_test(config_is_read_with_a_default),
      cmocka_unit_test(metrics_are_written_or_refused),
      cmocka_unit_test(vectors_end_where_they_end),
      cmocka_unit_test(a_configuration_is_read_as_far_as_it_is_good),
      cmocka_unit_test(metrics_know_their_room),
      cmocka_unit_test(random_numbers_are_spread_and_repeatable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
