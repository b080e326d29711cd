/* The frame reader: lengths, limits, and frames that come byte by byte. */
#include "frame.h"

#include <string.h>

#include "speedwell.pb.h"
#include "testing.h"

static spw_frame_t find(const uint8_t *bytes, uint32_t size, uint32_t limit, spw_view_t *message) {
  const spw_span_t span = {bytes, 0u, size};
  spw_span_t inside = {NULL, 0u, 0u};
  const spw_frame_t found = spw_frame_find(&span, limit, &inside);
  if (found == SPW_FRAME_WHOLE) {
    assert_true(inside.end <= size);
    message->bytes = &inside.base[inside.at];
    message->size = inside.end - inside.at;
  }
  return found;
}

/* SPW-FRM-01 */
static void a_frame_is_whole_at_its_last_byte_only(void **state) {
  enum { MESSAGE = 300 };
  uint8_t bytes[MESSAGE + 2 + 5] = {0xACu, 0x02u}; /* 300 */
  spw_view_t message = {NULL, 0u};
  (void)state;
  for (uint32_t size = 0u; size < (MESSAGE + 2u); ++size) {
    assert_int_equal(find(bytes, size, 4096u, &message), SPW_FRAME_MORE);
  }
  for (uint32_t size = MESSAGE + 2u; size <= sizeof(bytes); ++size) {
    assert_int_equal(find(bytes, size, 4096u, &message), SPW_FRAME_WHOLE);
    assert_ptr_equal(message.bytes, &bytes[2]);
    assert_int_equal(message.size, MESSAGE);
  }
}

/* SPW-FRM-03 */
static void the_limit_counts_the_whole_frame(void **state) {
  const uint8_t fits[2] = {0xFEu, 0x01u};           /* 254 + 2 = 256 */
  const uint8_t above[2] = {0xFFu, 0x01u};          /* 255 + 2 = 257 */
  const uint8_t largest[3] = {0xFDu, 0xFFu, 0x3Fu}; /* 1048573 + 3 */
  const uint8_t beyond[3] = {0xFEu, 0xFFu, 0x3Fu};
  spw_view_t message = {NULL, 0u};
  (void)state;
  assert_int_equal(find(fits, 2u, 256u, &message), SPW_FRAME_MORE);
  assert_int_equal(find(above, 2u, 256u, &message), SPW_FRAME_BAD);
  assert_int_equal(find(largest, 3u, SPW_FRAME_MOST, &message), SPW_FRAME_MORE);
  assert_int_equal(find(beyond, 3u, SPW_FRAME_MOST, &message), SPW_FRAME_BAD);
}

/* SPW-FRM-02 */
static void bad_lengths_are_seen_as_soon_as_they_are_there(void **state) {
  static const uint8_t zero[] = {0x00u};
  static const uint8_t overlong[] = {0x82u, 0x80u, 0x00u};
  static const uint8_t four_gigabytes[] = {0xFFu, 0xFFu, 0xFFu, 0xFFu, 0x0Fu};
  static const uint8_t endless[] = {0x80u, 0x80u, 0x80u, 0x80u, 0x80u};
  spw_view_t message = {NULL, 0u};
  (void)state;
  assert_int_equal(find(zero, 1u, 256u, &message), SPW_FRAME_BAD);
  assert_int_equal(find(overlong, 2u, 256u, &message), SPW_FRAME_MORE);
  assert_int_equal(find(overlong, 3u, 256u, &message), SPW_FRAME_BAD);
  assert_int_equal(find(four_gigabytes, 4u, 256u, &message), SPW_FRAME_MORE);
  assert_int_equal(find(four_gigabytes, 5u, 256u, &message), SPW_FRAME_BAD);
  assert_int_equal(find(endless, 4u, 256u, &message), SPW_FRAME_MORE);
  assert_int_equal(find(endless, 5u, 256u, &message), SPW_FRAME_BAD);
}

/* SPW-FRM-05 */
static void a_frame_is_written_to_the_end_or_not_at_all(void **state) {
  uint8_t bytes[8];
  const speedwell_KeepAlive message = {true};
  static const uint8_t frame[] = {0x04u, 0x3Au, 0x02u, 0x08u, 0x01u};
  (void)state;
  (void)memset(bytes, 0xA5, sizeof(bytes));
  spw_sink_t small = {&bytes[1], 4u, 0u};
  spw_frame_write(&spw_to_server, speedwell_ToServer_keep_alive_tag, &message, &small);
  assert_int_equal(small.size, sizeof(frame));
  assert_true((bytes[0] == 0xA5u) && (bytes[5] == 0xA5u));
  (void)memset(bytes, 0xA5, sizeof(bytes));
  spw_sink_t large = {bytes, 7u, 0u};
  spw_frame_write(&spw_to_server, speedwell_ToServer_keep_alive_tag, &message, &large);
  assert_int_equal(large.size, sizeof(frame));
  assert_int_equal(large.room, 2u);
  assert_true((bytes[1] == 0xA5u) && (bytes[7] == 0xA5u));
  assert_memory_equal(&bytes[2], frame, sizeof(frame));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_frame_is_whole_at_its_last_byte_only),
      cmocka_unit_test(the_limit_counts_the_whole_frame),
      cmocka_unit_test(bad_lengths_are_seen_as_soon_as_they_are_there),
      cmocka_unit_test(a_frame_is_written_to_the_end_or_not_at_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
