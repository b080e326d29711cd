/* The codec: every message there and back, and against stock nanopb on random and on mutated messages. */
#include "codec.h"

#include <pb_common.h>
#include <pb_decode.h>
#include <pb_encode.h>
#include <stdbool.h>
#include <string.h>

#include "speedwell.pb.h"
#include "stock.pb.h"
#include "testing.h"

enum { BYTES_MOST = 2048, ROUNDS = 20000 };

/* Whatever a message of ours decodes to. */
typedef struct {
  uint32_t number;
  union {
    speedwell_ToServer to_server;
    speedwell_ToDevice to_device;
    speedwell_Chunk chunk;
    speedwell_Result result;
  } body;
} ours_t;

typedef union {
  stock_ToServer to_server;
  stock_ToDevice to_device;
} stock_t;

typedef struct {
  const spw_outer_t *ours;
  const pb_msgdesc_t *stock;
  pb_size_t last; /* largest outer number */
} direction_t;

static const direction_t directions[2] = {{&spw_to_server, &stock_ToServer_msg, 9u},
                                          {&spw_to_device, &stock_ToDevice_msg, 12u}};

static uint32_t some_number(uint64_t *seed) {
  static const uint32_t edges[] = {0u, 1u, 127u, 128u, 16383u, 16384u, 2097151u, 268435456u, 0x7FFFFFFFu, UINT32_MAX};
  return (test_below(seed, 2u) == 0u) ? edges[test_below(seed, 10u)] : test_random(seed);
}

/* Fills a body of stock nanopb with anything it can hold. */
static void fill(uint64_t *seed, const pb_msgdesc_t *descriptor, void *body) {
  pb_field_iter_t field;
  bool more = pb_field_iter_begin(&field, descriptor, body);
  while (more) {
    uint8_t *data = field.pData;
    const bool left_out = (test_below(seed, 4u) == 0u);
    if (left_out) {
      /* stays the default */
    } else if (PB_LTYPE(field.type) == PB_LTYPE_BYTES) {
      pb_bytes_array_t *array = field.pData;
      array->size = (pb_size_t)test_below(seed, (uint32_t)(field.data_size - sizeof(pb_size_t)) + 1u);
      for (uint32_t i = 0u; i < array->size; ++i) {
        array->bytes[i] = (uint8_t)test_random(seed);
      }
    } else if (PB_LTYPE(field.type) == PB_LTYPE_BOOL) {
      *(bool *)field.pData = true;
    } else {
      const pb_size_t count = (pb_size_t)(1u + test_below(seed, field.array_size));
      for (uint32_t i = 0u; i < ((uint32_t)count * field.data_size); i += 4u) {
        const uint32_t number = some_number(seed);
        (void)memcpy(&data[i], &number, 4u);
      }
      if (PB_HTYPE(field.type) == PB_HTYPE_REPEATED) {
        *(pb_size_t *)field.pSize = count;
        /* A list of nothing but zeros is where the canonical form of blob_encoding differs: another test. */
        if (data[0] == 0u) {
          data[0] = 1u;
        }
      }
    }
    more = pb_field_iter_next(&field);
  }
}

/* A random message in stock nanopb's encoding; returns its size. */
static size_t make(uint64_t *seed, const direction_t *direction, pb_size_t which, uint8_t *bytes) {
  static stock_t message;
  pb_field_iter_t member;
  (void)memset(&message, 0, sizeof(message));
  assert_true(pb_field_iter_begin(&member, direction->stock, &message));
  assert_true(pb_field_iter_find(&member, which));
  *(pb_size_t *)member.pSize = which;
  fill(seed, member.submsg_desc, member.pData);
  pb_ostream_t out = pb_ostream_from_buffer(bytes, BYTES_MOST);
  assert_true(pb_encode(&out, direction->stock, &message));
  return out.bytes_written;
}

static spw_decoded_t decode_ours(const direction_t *direction, const uint8_t *bytes, size_t size, ours_t *message) {
  const spw_span_t span = {bytes, 0u, (uint32_t)size};
  return spw_decode(direction->ours, &span, &message->number, &message->body);
}

/* Encodes into the front of `bytes`. */
static uint32_t encode_ours(const direction_t *direction, const ours_t *message, uint8_t *bytes, uint32_t capacity) {
  spw_sink_t out = {bytes, capacity, 0u};
  spw_encode(direction->ours, message->number, &message->body, &out);
  if (out.size <= capacity) {
    (void)memmove(bytes, &bytes[out.room], out.size);
  }
  return out.size;
}

/* SPW-STR-07 */
static void random_messages_are_the_same_bytes(void **state) {
  uint64_t seed = 1u;
  (void)state;
  for (uint32_t i = 0u; i < ROUNDS; ++i) {
    const direction_t *direction = &directions[i % 2u];
    const pb_size_t which = (pb_size_t)(1u + ((i / 2u) % direction->last));
    uint8_t bytes[BYTES_MOST];
    uint8_t again[BYTES_MOST];
    ours_t message;
    const size_t size = make(&seed, direction, which, bytes);
    assert_int_equal(decode_ours(direction, bytes, size, &message), SPW_DECODED);
    assert_int_equal(encode_ours(direction, &message, again, BYTES_MOST), size);
    assert_memory_equal(again, bytes, size);
  }
}

/* Changes a message a little: a bit, a byte, a cut, a doubled piece. */
static size_t mutate(uint64_t *seed, uint8_t *bytes, size_t size) {
  size_t changed = size;
  const uint32_t at = test_below(seed, (uint32_t)size);
  switch (test_below(seed, 4u)) {
    case 0u:
      bytes[at] ^= (uint8_t)(1u << test_below(seed, 8u));
      break;
    case 1u:
      bytes[at] = (uint8_t)test_random(seed);
      break;
    case 2u:
      changed = at;
      break;
    default: {
      const size_t piece = 1u + test_below(seed, 6u);
      if ((at + piece <= size) && (size + piece <= BYTES_MOST)) {
        (void)memmove(&bytes[at + piece], &bytes[at], size - at);
        changed = size + piece;
      }
      break;
    }
  }
  return changed;
}

/* Whatever Speedwell accepts, stock nanopb accepts too and reads as the same: it is a subset of protobuf. */
/* SPW-STR-03 */
static void what_is_accepted_is_protobuf(void **state) {
  uint64_t seed = 2u;
  uint32_t accepted = 0u;
  uint32_t malformed = 0u;
  (void)state;
  for (uint32_t i = 0u; i < (5u * ROUNDS); ++i) {
    const direction_t *direction = &directions[i % 2u];
    uint8_t bytes[BYTES_MOST];
    uint8_t ours_again[BYTES_MOST];
    uint8_t stock_again[BYTES_MOST];
    static stock_t stock;
    ours_t ours;
    size_t size = make(&seed, direction, (pb_size_t)(1u + test_below(&seed, direction->last)), bytes);
    for (uint32_t times = 1u + test_below(&seed, 3u); (times > 0u) && (size > 0u); --times) {
      size = mutate(&seed, bytes, size);
    }
    const spw_decoded_t decoded = decode_ours(direction, bytes, size, &ours);
    malformed += (decoded == SPW_MALFORMED) ? 1u : 0u;
    if (decoded == SPW_DECODED) {
      pb_istream_t in = pb_istream_from_buffer(bytes, size);
      pb_ostream_t out = pb_ostream_from_buffer(stock_again, BYTES_MOST);
      (void)memset(&stock, 0, sizeof(stock));
      if (!pb_decode(&in, direction->stock, &stock)) {
        /* The one limit that is stock's alone: its array for data is shorter than a frame may be. */
        assert_string_equal(PB_GET_ERROR(&in), "bytes overflow");
        continue;
      }
      assert_true(pb_encode(&out, direction->stock, &stock));
      /* The same values; a blob_encoding of nothing but zeros apart, which Speedwell leaves out. */
      const uint32_t again = encode_ours(direction, &ours, ours_again, BYTES_MOST);
      if (again == out.bytes_written) {
        assert_memory_equal(ours_again, stock_again, again);
      } else {
        assert_true(again < out.bytes_written);
      }
      ++accepted;
    }
  }
  assert_in_range(accepted, ROUNDS / 4, 5 * ROUNDS);
  assert_in_range(malformed, ROUNDS, 5 * ROUNDS);
}

static void check_varint(const uint8_t *bytes, uint32_t size) {
  spw_span_t in = {bytes, 0u, size};
  uint32_t value = 0u;
  bool wide = true;
  const bool taken = spw_take_varint(&in, &value, &wide);
  uint64_t theirs = 0u;
  pb_istream_t stream = pb_istream_from_buffer(bytes, size);
  const bool read = pb_decode_varint(&stream, &theirs);
  const bool minimal = (size == 1u) || (bytes[size - 1u] != 0u); /* stock takes overlong ones as well */
  if (taken != (read && minimal)) {
    fail_msg("%02x %02x %02x of %u", bytes[0], bytes[1], bytes[2], size);
  }
  if (taken) {
    uint8_t again[5];
    const bool same = (value == theirs) && (!wide) && (in.at == size) && (spw_put_varint(again, value) == size) &&
                      (memcmp(again, bytes, size) == 0);
    if (!same) {
      fail_msg("%02x %02x %02x of %u is %u", bytes[0], bytes[1], bytes[2], size, value);
    }
  }
}

/* All that end within three bytes, and all that do not. */
/* SPW-STR-06 */
static void every_short_varint_is_read_and_written(void **state) {
  (void)state;
  for (uint32_t first = 0u; first < 256u; ++first) {
    uint8_t bytes[3] = {(uint8_t)first, 0u, 0u};
    check_varint(bytes, 1u);
    for (uint32_t second = 0u; (first >= 0x80u) && (second < 256u); ++second) {
      bytes[1] = (uint8_t)second;
      check_varint(bytes, 2u);
      for (uint32_t third = 0u; (second >= 0x80u) && (third < 256u); ++third) {
        bytes[2] = (uint8_t)third;
        check_varint(bytes, 3u);
      }
    }
  }
}

/* SPW-STR-07 */
static void encodings_of_zero_are_left_out(void **state) {
  static const uint8_t roles[] = {17u, 18u};
  uint8_t encodings[] = {0u, 0u};
  uint8_t bytes[64];
  ours_t message;
  (void)state;
  (void)memset(&message, 0, sizeof(message));
  message.number = speedwell_ToServer_result_tag;
  message.body.result.blob_role.bytes = roles;
  message.body.result.blob_role.size = sizeof(roles);
  message.body.result.blob_encoding.bytes = encodings;
  message.body.result.blob_encoding.size = sizeof(encodings);
  static const uint8_t without[] = {0x32u, 0x04u, 0x4Au, 0x02u, 17u, 18u};
  assert_int_equal(encode_ours(&directions[0], &message, bytes, sizeof(bytes)), sizeof(without));
  assert_memory_equal(bytes, without, sizeof(without));
  encodings[0] = 1u;
  static const uint8_t with[] = {0x32u, 0x08u, 0x4Au, 0x02u, 17u, 18u, 0x62u, 0x02u, 1u, 0u};
  assert_int_equal(encode_ours(&directions[0], &message, bytes, sizeof(bytes)), sizeof(with));
  assert_memory_equal(bytes, with, sizeof(with));
}

/* SPW-FRM-05 */
static void nothing_is_written_outside_the_capacity(void **state) {
  uint64_t seed = 3u;
  (void)state;
  for (pb_size_t which = 1u; which <= 9u; ++which) {
    uint8_t bytes[BYTES_MOST];
    ours_t message;
    const size_t size = make(&seed, &directions[0], which, bytes);
    assert_int_equal(decode_ours(&directions[0], bytes, size, &message), SPW_DECODED);
    for (uint32_t capacity = 0u; capacity < size; ++capacity) {
      uint8_t small[BYTES_MOST + 2];
      (void)memset(small, 0xA5, sizeof(small));
      assert_int_equal(encode_ours(&directions[0], &message, &small[1], capacity), size);
      assert_int_equal(small[0], 0xA5u);
      for (size_t i = capacity + 1u; i < sizeof(small); ++i) {
        assert_int_equal(small[i], 0xA5u);
      }
    }
  }
}

static void a_view_without_bytes_leaves_room(void **state) {
  uint8_t bytes[32];
  ours_t message;
  (void)state;
  (void)memset(bytes, 0x55, sizeof(bytes));
  (void)memset(&message, 0, sizeof(message));
  message.number = speedwell_ToServer_chunk_tag;
  message.body.chunk.handle = 1u;
  message.body.chunk.data.size = 3u;
  static const uint8_t expected[] = {0x2Au, 0x07u, 0x08u, 0x01u, 0x22u, 0x03u, 0x55u, 0x55u, 0x55u};
  assert_int_equal(encode_ours(&directions[0], &message, bytes, sizeof(bytes)), sizeof(expected));
  assert_memory_equal(bytes, expected, sizeof(expected));
}

/* SPW-STR-02 */
static void a_wide_bool_is_malformed(void **state) {
  static const uint8_t bytes[] = {0x3Au, 0x07u, 0x08u, 0x80u, 0x80u, 0x80u, 0x80u, 0x80u, 0x01u};
  const spw_span_t span = {bytes, 0u, sizeof(bytes)};
  speedwell_ToDevice message;
  uint32_t number = 0u;
  (void)state;
  assert_int_equal(spw_decode(&spw_to_device, &span, &number, &message.message), SPW_MALFORMED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_messages_are_the_same_bytes),
      cmocka_unit_test(what_is_accepted_is_protobuf),
      cmocka_unit_test(every_short_varint_is_read_and_written),
      cmocka_unit_test(encodings_of_zero_are_left_out),
      cmocka_unit_test(nothing_is_written_outside_the_capacity),
      cmocka_unit_test(a_view_without_bytes_leaves_room),
      cmocka_unit_test(a_wide_bool_is_malformed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
