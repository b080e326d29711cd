/* The stream: what is malformed, what is out of place, what crossed, and back pressure. */
#include <string.h>

#include "fixture.h"

static fixture_t *open_device(void) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  fixture_start(self);
  fixture_connect(self);
  return self;
}

static void expect_bye(fixture_t *self) {
  speedwell_ToServer heard;
  fixture_expect(self, speedwell_ToServer_bye_tag, &heard);
  assert_int_equal(heard.message.bye.reason, speedwell_ByeReason_BYE_PROTOCOL);
  assert_false(self->opened);
}

/* SPW-STR-02, SPW-FRM-02 */
static void malformed_bytes_close_the_stream_without_a_word(void **state) {
  static const struct {
    uint8_t size;
    uint8_t bytes[8];
  } broken[] = {
      {5u, {0xFFu, 0xFFu, 0xFFu, 0xFFu, 0x0Fu}}, /* 4 GB */
      {1u, {0x00u}},                             /* no length */
      {2u, {0x81u, 0x02u}},                      /* 257 bytes */
      {5u, {0x04u, 0x3Au, 0x02u, 0x08u, 0x02u}}, /* a bool of 2 */
      {3u, {0x02u, 0x38u, 0x01u}},               /* a message as a varint */
      {5u, {0x04u, 0x3Au, 0x00u, 0x3Au, 0x00u}}, /* two members */
      {8u, {'H', 'T', 'T', 'P', '/', '1', '.', '1'}},
  };
  (void)state;
  for (size_t i = 0u; i < (sizeof(broken) / sizeof(broken[0])); ++i) {
    fixture_t *self = open_device();
    fixture_say_raw(self, broken[i].bytes, broken[i].size);
    for (uint32_t k = 0u; k < 80u; ++k) {
      fixture_say_raw(self, "\xFF", 1u);
    }
    fixture_expect_silence(self);
    assert_false(self->opened);
    assert_int_equal(fixture_events(self, SPW_EVENT_MALFORMED), 1u);
    assert_int_equal(fixture_event_number(self, SPW_EVENT_MALFORMED), 0u);
    assert_int_equal(fixture_events(self, SPW_EVENT_LOST), 1u);
    fixture_free(self);
  }
}

/* SPW-STR-05 */
static void an_unknown_message_is_rejected_and_harmless(void **state) {
  static const uint8_t newer[] = {0x03u, 0x6Au, 0x01u, 0xFFu, 0x04u, 0xF2u, 0x07u, 0x01u, 0xFFu};
  fixture_t *self = open_device();
  speedwell_ToServer heard;
  (void)state;
  fixture_say_raw(self, newer, sizeof(newer));
  fixture_expect(self, speedwell_ToServer_reject_tag, &heard);
  assert_int_equal(heard.message.reject.message, 13u);
  assert_int_equal(heard.message.reject.reason, speedwell_RejectReason_REJECT_UNKNOWN_MESSAGE);
  fixture_expect(self, speedwell_ToServer_reject_tag, &heard);
  assert_int_equal(heard.message.reject.message, 126u);
  fixture_small(self, speedwell_ToDevice_reject_tag, 3u, 1u); /* never answered */
  fixture_expect_silence(self);
  fixture_ready(self); /* the connection goes on */
  fixture_free(self);
}

/* SPW-SES-02 */
static void nothing_may_come_before_welcome(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  speedwell_ToServer heard;
  (void)state;
  fixture_start(self);
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  fixture_small(self, speedwell_ToDevice_keep_alive_tag, 0u, 0u);
  expect_bye(self);
  fixture_free(self);
}

/* SPW-SES-02 */
static void a_welcome_out_of_range_ends_the_connection(void **state) {
  (void)state;
  for (uint32_t spoil = 0u; spoil < 7u; ++spoil) {
    fixture_t *self = fixture_new(SPW_FRAME_MIN);
    speedwell_ToServer heard;
    speedwell_ToDevice said = {0};
    speedwell_Welcome welcome = {1u, 5u, 1000u, 256u};
    fixture_start(self);
    fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
    switch (spoil) {
      case 0u:
        welcome.version = 2u;
        break;
      case 1u:
        welcome.token = 0u;
        break;
      case 2u:
        welcome.keep_alive_ms = 999u;
        break;
      case 3u:
        welcome.keep_alive_ms = 3600001u;
        break;
      case 4u:
        welcome.frame_limit = 255u;
        break;
      case 5u:
        welcome.frame_limit = 1048577u;
        break;
      default:
        break;
    }
    said.which_message = speedwell_ToDevice_welcome_tag;
    said.message.welcome = welcome;
    fixture_say(self, &said);
    if (spoil == 6u) { /* a good one, but twice */
      fixture_run(self);
      assert_true(spw_client_connected(&self->client));
      fixture_say(self, &said);
    }
    expect_bye(self);
    fixture_free(self);
  }
}

/* SPW-SES-13 */
static void another_version_is_told_by_the_servers_bye(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  speedwell_ToServer heard;
  speedwell_ToDevice said = {0};
  (void)state;
  fixture_start(self);
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  said.which_message = speedwell_ToDevice_bye_tag;
  said.message.bye.reason = (uint32_t)speedwell_ByeReason_BYE_VERSION;
  said.message.bye.detail.bytes = (const uint8_t *)"2..3";
  said.message.bye.detail.size = 4u;
  fixture_say(self, &said);
  fixture_run(self);
  assert_false(self->opened);
  assert_int_equal(fixture_event_number(self, SPW_EVENT_BYE), speedwell_ByeReason_BYE_VERSION);
  assert_string_equal(self->detail, "2..3");
  fixture_free(self);
}

/* SPW-SES-12 */
static void a_keep_alive_is_answered(void **state) {
  fixture_t *self = open_device();
  speedwell_ToServer heard;
  (void)state;
  fixture_small(self, speedwell_ToDevice_keep_alive_tag, 0u, 0u);
  fixture_expect(self, speedwell_ToServer_keep_alive_tag, &heard);
  assert_true(heard.message.keep_alive.reply);
  fixture_small(self, speedwell_ToDevice_keep_alive_tag, 0u, 1u);
  fixture_expect_silence(self);
  fixture_free(self);
}

static void say_chunk(fixture_t *self, uint32_t handle, uint32_t blob, uint32_t offset, uint32_t size) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_chunk_tag;
  said.message.chunk.handle = handle;
  said.message.chunk.blob = blob;
  said.message.chunk.offset = offset;
  said.message.chunk.data.bytes = self->parameters;
  said.message.chunk.data.size = size;
  fixture_say(self, &said);
}

/* SPW-BLB-02 */
static void chunks_that_were_not_granted_end_the_connection(void **state) {
  (void)state;
  for (uint32_t spoil = 0u; spoil < 6u; ++spoil) {
    fixture_t *self = open_device();
    speedwell_ToServer heard;
    fixture_ready(self);
    fixture_task(self, 1u, 0u);
    fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
    switch (spoil) {
      case 0u:
        say_chunk(self, self->task_handle, 0u, 1u, 4u);
        break; /* a gap */
      case 1u:
        say_chunk(self, self->task_handle, 1u, 0u, 4u);
        break; /* another blob */
      case 2u:
        say_chunk(self, self->task_handle, 0u, 0u, 0u);
        break; /* empty */
      case 3u:
        say_chunk(self, self->task_handle, 0u, 0u, 181u);
        break; /* beyond the credit */
      case 4u:
        say_chunk(self, self->run_handle, 0u, 0u, 4u);
        break; /* the run has nothing in transfer */
      default: /* the same twice */
        say_chunk(self, self->task_handle, 0u, 0u, 4u);
        say_chunk(self, self->task_handle, 0u, 0u, 4u);
        break;
    }
    expect_bye(self);
    fixture_free(self);
  }
}

/* SPW-UPL-02 */
static void grants_that_do_not_fit_end_the_connection(void **state) {
  (void)state;
  for (uint32_t spoil = 0u; spoil < 6u; ++spoil) {
    fixture_t *self = open_device();
    speedwell_ToServer heard;
    self->trainer.metrics = 1u;
    fixture_ready(self);
    fixture_task(self, 1u, 0u);
    fixture_download(self);
    fixture_expect(self, speedwell_ToServer_result_tag, &heard);
    switch (spoil) {
      case 0u:
        fixture_grant(self, 2u, 0u, 1u);
        break; /* no such blob */
      case 1u:
        fixture_grant(self, 0u, 0u, 173u);
        break; /* beyond it */
      case 2u:
        fixture_grant(self, 0u, 173u, 0u);
        break;
      case 3u:
        fixture_grant(self, 0u, 0xFFFFFFFFu, 2u);
        break; /* and around */
      case 4u: /* beyond what was sent */
        fixture_grant(self, 0u, 0u, 10u);
        (void)fixture_hear(self, &heard);
        fixture_grant(self, 0u, 11u, 10u);
        break;
      default: /* another blob before the first is sent */
        fixture_grant(self, 0u, 0u, 10u);
        (void)fixture_hear(self, &heard);
        fixture_grant(self, 1u, 0u, 10u);
        break;
    }
    expect_bye(self);
    fixture_free(self);
  }
}

/* SPW-SES-11 */
static void what_crossed_is_ignored(void **state) {
  fixture_t *self = open_device();
  (void)state;
  fixture_ready(self);
  for (uint32_t handle = 0u; handle < 1000u; handle += 999u) {
    fixture_small(self, speedwell_ToDevice_wrap_up_tag, handle, 5u);
    fixture_small(self, speedwell_ToDevice_cancel_tag, handle, 5u);
    fixture_small(self, speedwell_ToDevice_accepted_tag, handle, 5u);
    fixture_small(self, speedwell_ToDevice_committed_tag, handle, 5u);
    self->task_handle = handle;
    fixture_grant(self, 0u, 0u, 5u);
    say_chunk(self, handle, 0u, 0u, 5u);
  }
  fixture_expect_silence(self);
  assert_true(spw_client_connected(&self->client));
  assert_int_equal(fixture_events(self, SPW_EVENT_CANCELLED), 0u);
  fixture_free(self);
}

static void a_full_stream_holds_the_device_back(void **state) {
  static const uint8_t newer[] = {0x03u, 0x6Au, 0x01u, 0xFFu};
  fixture_t *self = open_device();
  speedwell_ToServer heard;
  (void)state;
  self->room = 3u; /* half an answer */
  for (uint32_t i = 0u; i < 100u; ++i) {
    fixture_say_raw(self, newer, sizeof(newer));
  }
  fixture_run(self);
  assert_true(self->wish.write);
  assert_false(self->wish.read); /* what it cannot answer it does not take */
  assert_false(self->wish.cpu);
  self->room = UINT32_MAX;
  for (uint32_t i = 0u; i < 100u; ++i) {
    fixture_expect(self, speedwell_ToServer_reject_tag, &heard);
  }
  fixture_expect_silence(self);
  fixture_free(self);
}

/* SPW-TIM-01 */
static void one_step_is_bounded(void **state) {
  fixture_t *self = open_device();
  (void)state;
  static const uint8_t ask[] = {0x02u, 0x3Au, 0x00u};
  for (uint32_t i = 0u; i < 85u; ++i) { /* a buffer full */
    fixture_say_raw(self, ask, sizeof(ask));
  }
  const uint32_t before = self->up.size;
  fixture_step(self);
  assert_true(self->up.size > before);
  assert_true((self->up.size - before) <= (16u * 5u));
  assert_true(self->wish.cpu || self->wish.write); /* there is more to do */
  fixture_run(self);
  assert_int_equal(self->up.size - before, 85u * 5u);
  fixture_free(self);
}

/* SPW-SES-07 */
static void stopping_says_goodbye(void **state) {
  fixture_t *self = open_device();
  speedwell_ToServer heard;
  (void)state;
  spw_client_stop(&self->client);
  assert_false(self->opened);
  assert_true(fixture_hear(self, &heard));
  assert_int_equal(heard.which_message, speedwell_ToServer_bye_tag);
  assert_int_equal(heard.message.bye.reason, speedwell_ByeReason_BYE_SHUTDOWN);
  fixture_connect(self); /* and may start anew */
  fixture_ready(self);
  fixture_free(self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(malformed_bytes_close_the_stream_without_a_word),
      cmocka_unit_test(an_unknown_message_is_rejected_and_harmless),
      cmocka_unit_test(nothing_may_come_before_welcome),
      cmocka_unit_test(a_welcome_out_of_range_ends_the_connection),
      cmocka_unit_test(another_version_is_told_by_the_servers_bye),
      cmocka_unit_test(a_keep_alive_is_answered),
      cmocka_unit_test(chunks_that_were_not_granted_end_the_connection),
      cmocka_unit_test(grants_that_do_not_fit_end_the_connection),
      cmocka_unit_test(what_crossed_is_ignored),
      cmocka_unit_test(a_full_stream_holds_the_device_back),
      cmocka_unit_test(one_step_is_bounded),
      cmocka_unit_test(stopping_says_goodbye),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
