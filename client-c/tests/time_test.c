/* Time: keep-alive, back-off, limits, wrap-up and cancel, and a clock that wraps. Hours pass in milliseconds. */
#include <string.h>

#include "fixture.h"

static fixture_t *open_device(uint32_t start) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  self->now = start;
  fixture_start(self);
  fixture_connect(self); /* the interval is 60 s */
  return self;
}

/* A device in the third slice of a long task. */
static fixture_t *training_device(uint32_t max_ms) {
  fixture_t *self = open_device(0xFFFFF000u); /* the clock wraps while it trains */
  speedwell_ToServer heard;
  fixture_ready(self);
  self->trainer.steps_wanted = 1000000u;
  fixture_task(self, 1u, max_ms);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_chunk_tag;
  said.message.chunk.handle = self->task_handle;
  said.message.chunk.data.bytes = self->parameters;
  said.message.chunk.data.size = sizeof(self->parameters);
  fixture_say(self, &said);
  while (self->trainer.steps < 3u) {
    fixture_step(self);
  }
  return self;
}

/* Says a small message without running the device. */
static void say_small(fixture_t *self, pb_size_t which, uint32_t handle, uint32_t number) {
  speedwell_ToDevice said = {0};
  said.which_message = which;
  said.message.wrap_up.handle = handle;
  said.message.wrap_up.within_ms = number;
  fixture_say(self, &said);
}

static void expect_wrapped_up(fixture_t *self, uint32_t steps) {
  speedwell_ToServer heard;
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(heard.message.result.cause, speedwell_Cause_CAUSE_WRAPPED_UP);
  assert_int_equal(heard.message.result.steps, steps);
  assert_int_equal(heard.message.result.examples_held, 100u); /* the weight stays */
  assert_int_equal(self->trainer.cause, SPW_CAUSE_WRAPPED_UP);
}

/* SPW-TSK-08 */
static void wrap_up_reaches_the_next_slice(void **state) {
  fixture_t *self = training_device(0u);
  (void)state;
  self->trainer.ends_at_hint = true;
  say_small(self, speedwell_ToDevice_wrap_up_tag, self->task_handle, 5000u);
  fixture_step(self);
  assert_int_equal(self->trainer.steps, 4u);
  assert_int_equal(self->trainer.hints, 1u);
  expect_wrapped_up(self, 4u);
  fixture_free(self);
}

/* SPW-TSK-08 */
static void a_trainer_that_goes_on_is_ended_in_time(void **state) {
  fixture_t *self = training_device(0u);
  (void)state;
  say_small(self, speedwell_ToDevice_wrap_up_tag, self->task_handle, 5000u);
  for (uint32_t ms = 0u; ms < 4999u; ms += 100u) {
    fixture_step(self);
    self->now += 100u;
  }
  assert_int_equal(self->trainer.finished, 0u);
  const uint32_t steps = self->trainer.steps;
  fixture_step(self); /* 5,000 ms are over: no further slice begins */
  assert_int_equal(self->trainer.steps, steps);
  expect_wrapped_up(self, steps);
  fixture_free(self);
}

/* SPW-TSK-08 */
static void wrap_up_at_once_is_at_once(void **state) {
  fixture_t *self = training_device(0u);
  (void)state;
  say_small(self, speedwell_ToDevice_wrap_up_tag, self->task_handle, 0u);
  fixture_step(self);
  assert_int_equal(self->trainer.steps, 3u);
  expect_wrapped_up(self, 3u);
  fixture_free(self);
}

/* SPW-TSK-09 */
static void the_tasks_own_limit_wraps_up_at_seven_eighths(void **state) {
  fixture_t *self = training_device(8000u);
  (void)state;
  self->now += 6999u;
  fixture_step(self);
  assert_int_equal(self->trainer.hints, 0u);
  self->now += 1u;
  fixture_step(self);
  assert_int_equal(self->trainer.hints, 1u);
  self->now += 999u;
  fixture_step(self);
  assert_int_equal(self->trainer.hints, 2u);
  assert_int_equal(self->trainer.finished, 0u);
  self->now += 1u;
  fixture_step(self);
  expect_wrapped_up(self, 6u);
  fixture_free(self);
}

/* SPW-TSK-07 */
static void cancel_reaches_the_next_slice(void **state) {
  fixture_t *self = training_device(0u);
  (void)state;
  say_small(self, speedwell_ToDevice_cancel_tag, self->task_handle, 1u);
  fixture_step(self);
  assert_int_equal(self->trainer.steps, 3u);
  assert_int_equal(self->trainer.cause, SPW_CAUSE_CANCELLED);
  assert_int_equal(fixture_event_number(self, SPW_EVENT_CANCELLED), 1u);
  fixture_expect_silence(self);
  assert_false(self->wish.cpu);
  fixture_free(self);
  self = training_device(0u); /* and of the run, with its task */
  say_small(self, speedwell_ToDevice_cancel_tag, self->run_handle, 2u);
  fixture_step(self);
  assert_int_equal(self->trainer.cause, SPW_CAUSE_CANCELLED);
  speedwell_ToServer heard;
  self->task_handle = 5000u;
  fixture_task(self, 2u, 0u);
  fixture_expect(self, speedwell_ToServer_refuse_tag, &heard);
  assert_int_equal(heard.message.refuse.reason, speedwell_RefuseReason_REFUSE_UNKNOWN);
  fixture_free(self);
}

/* SPW-TSK-10 */
static void a_task_that_has_not_begun_is_refused_instead(void **state) {
  (void)state;
  for (uint32_t by_limit = 0u; by_limit < 2u; ++by_limit) {
    fixture_t *self = open_device(1000u);
    speedwell_ToServer heard;
    fixture_ready(self);
    fixture_task(self, 1u, (by_limit == 1u) ? 16000u : 0u);
    fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
    if (by_limit == 1u) {
      fixture_pass(self, 13999u);
      fixture_expect_silence(self);
      fixture_pass(self, 1u);
    } else {
      fixture_small(self, speedwell_ToDevice_wrap_up_tag, self->task_handle, 5000u);
    }
    fixture_expect(self, speedwell_ToServer_refuse_tag, &heard);
    assert_int_equal(heard.message.refuse.reason, speedwell_RefuseReason_REFUSE_NOT_NOW);
    assert_int_equal(self->trainer.begun, 0u);
    fixture_free(self);
  }
}

/* SPW-SES-03 */
static void a_silent_device_asks_after_one_interval(void **state) {
  fixture_t *self = open_device(0xFFFFFF00u);
  speedwell_ToServer heard;
  (void)state;
  fixture_pass(self, 59999u);
  fixture_expect_silence(self);
  fixture_pass(self, 1u);
  fixture_expect(self, speedwell_ToServer_keep_alive_tag, &heard);
  assert_false(heard.message.keep_alive.reply);
  fixture_pass(self, 9000u);
  fixture_small(self, speedwell_ToDevice_keep_alive_tag, 0u, 1u);
  fixture_pass(self, 50999u); /* a further interval since it last sent */
  fixture_expect_silence(self);
  fixture_pass(self, 1u);
  fixture_expect(self, speedwell_ToServer_keep_alive_tag, &heard);
  fixture_pass(self, 9999u); /* no answer this time */
  assert_true(self->opened);
  fixture_pass(self, 1u);
  assert_false(self->opened);
  assert_int_equal(fixture_events(self, SPW_EVENT_LOST), 1u);
  fixture_free(self);
}

/* SPW-SES-03 */
static void a_download_is_no_sign_of_life(void **state) {
  fixture_t *self = open_device(1000u);
  speedwell_ToServer heard;
  (void)state;
  for (uint32_t i = 0u; i < 7u; ++i) { /* the server talks all the time, the device has nothing to say */
    fixture_small(self, speedwell_ToDevice_committed_tag, 5u, 5u);
    fixture_pass(self, 10000u);
  }
  fixture_expect(self, speedwell_ToServer_keep_alive_tag, &heard);
  assert_true(self->opened);
  fixture_free(self);
}

/* SPW-SES-04 */
static void a_stream_that_takes_nothing_is_left(void **state) {
  static const uint8_t newer[] = {0x03u, 0x6Au, 0x01u, 0xFFu};
  fixture_t *self = open_device(1000u);
  (void)state;
  self->room = 2u;
  fixture_say_raw(self, newer, sizeof(newer));
  fixture_pass(self, 69999u); /* an interval and 10 s */
  assert_true(self->opened);
  fixture_pass(self, 1u);
  assert_false(self->opened);
  fixture_free(self);
}

/* SPW-TIM-07 */
static void an_idle_device_is_quiet_and_sleeps(void **state) {
  fixture_t *self = open_device(1000u);
  const uint32_t before = self->up.size;
  const uint32_t steps = self->steps;
  uint32_t heard_bytes = 0u;
  (void)state;
  for (uint32_t minute = 0u; minute < 10u; ++minute) {
    speedwell_ToServer heard;
    fixture_pass(self, 60000u);
    fixture_expect(self, speedwell_ToServer_keep_alive_tag, &heard);
    fixture_small(self, speedwell_ToDevice_keep_alive_tag, 0u, 1u);
    heard_bytes += 5u;
  }
  assert_true(((self->up.size - before) + heard_bytes) <= 600u); /* 1 byte a second */
  assert_true((self->steps - steps) <= (10u * 8u));
  fixture_free(self);
}

/* SPW-SES-04 */
static void answers_that_do_not_come_are_not_waited_for(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  speedwell_ToServer heard;
  (void)state;
  self->opens = 0; /* the stream does not open */
  fixture_start(self);
  fixture_pass(self, 9999u);
  assert_int_equal(fixture_events(self, SPW_EVENT_LOST), 0u);
  assert_true(self->wish.write);
  fixture_pass(self, 1u);
  assert_int_equal(fixture_events(self, SPW_EVENT_LOST), 1u);
  self->opens = 1; /* it opens, but nobody says Welcome */
  self->now = self->wish.wake_at_ms;
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  fixture_pass(self, 9999u);
  assert_int_equal(fixture_events(self, SPW_EVENT_LOST), 1u);
  fixture_pass(self, 1u);
  assert_int_equal(fixture_events(self, SPW_EVENT_LOST), 2u);
  fixture_free(self);
}

/* SPW-SES-08 */
static void a_bye_that_does_not_leave_is_not_waited_for(void **state) {
  fixture_t *self = open_device(1000u);
  (void)state;
  self->room = 0u;
  fixture_small(self, speedwell_ToDevice_welcome_tag, 1u, 1u);
  fixture_pass(self, 4999u);
  assert_true(self->opened);
  fixture_pass(self, 1u);
  assert_false(self->opened);
  fixture_free(self);
}

/* The waits of a device that never gets through, over `count` tries. */
static void record_waits(uint64_t seed, uint32_t first, uint32_t most, uint32_t *waits, uint32_t count) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  self->config.seed = seed;
  self->config.backoff_first_ms = first;
  self->config.backoff_most_ms = most;
  self->opens = -1;
  fixture_start(self);
  for (uint32_t i = 0u; i < count; ++i) {
    fixture_step(self);
    if (self->event_count == 0u) {
      fail();
    }
    waits[i] = self->events[self->event_count - 1u].number;
    assert_int_equal(self->wish.wake_at_ms - self->now, waits[i]);
    self->now = self->wish.wake_at_ms;
    self->event_count = 0u;
  }
  fixture_free(self);
}

/* SPW-SES-05 */
static void the_back_off_has_full_jitter(void **state) {
  enum { TRIES = 400 };
  uint32_t waits[TRIES];
  uint32_t again[TRIES];
  uint32_t other[TRIES];
  uint32_t longest = 0u;
  uint64_t sum = 0u;
  uint32_t equal = 0u;
  (void)state;
  record_waits(5u, 0u, 0u, waits, TRIES); /* the defaults: 1 s, doubling up to 300 s; 16 hours in all */
  record_waits(5u, 0u, 0u, again, TRIES);
  record_waits(6u, 0u, 0u, other, TRIES);
  assert_memory_equal(waits, again, sizeof(waits));
  for (uint32_t i = 0u; i < TRIES; ++i) {
    const uint32_t limit = (i < 9u) ? (1000u << i) : 300000u;
    assert_true(waits[i] <= ((limit < 300000u) ? limit : 300000u));
    longest = (waits[i] > longest) ? waits[i] : longest;
    sum += (i >= 9u) ? waits[i] : 0u;
    equal += (waits[i] == other[i]) ? 1u : 0u;
  }
  assert_in_range(longest, 280000u, 300000u);
  assert_in_range((uint32_t)(sum / (TRIES - 9u)), 130000u, 170000u); /* uniform: 150 s on average */
  assert_true(equal < 5u);
  record_waits(5u, 50u, 0x7FFFFFFFu, waits, 64u); /* no limit overflows */
}

/* SPW-SES-05, SPW-SES-06 */
static void welcome_and_bye_change_the_wait(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  (void)state;
  self->opens = -1;
  fixture_start(self);
  for (uint32_t i = 0u; i < 20u; ++i) {
    self->now = (i == 0u) ? self->now : self->wish.wake_at_ms;
    fixture_step(self);
  }
  self->opens = 1;
  for (uint32_t i = 0u; i < 20u; ++i) { /* Welcome resets n: the next wait is at most the first */
    fixture_connect(self);
    fixture_cut(self);
    assert_true(fixture_event_number(self, SPW_EVENT_LOST) <= 1000u);
  }
  fixture_connect(self);
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_bye_tag;
  said.message.bye.reason = (uint32_t)speedwell_ByeReason_BYE_SHUTDOWN;
  said.message.bye.retry_after_ms = 80000u;
  fixture_say(self, &said);
  fixture_run(self);
  assert_int_equal(fixture_event_number(self, SPW_EVENT_BYE), speedwell_ByeReason_BYE_SHUTDOWN);
  assert_in_range(fixture_event_number(self, SPW_EVENT_LOST), 80000u, 90000u);
  fixture_pass(self, 79999u);
  assert_false(self->opened);
  fixture_pass(self, 10001u);
  assert_true(self->opened);
  fixture_free(self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wrap_up_reaches_the_next_slice),
      cmocka_unit_test(a_trainer_that_goes_on_is_ended_in_time),
      cmocka_unit_test(wrap_up_at_once_is_at_once),
      cmocka_unit_test(the_tasks_own_limit_wraps_up_at_seven_eighths),
      cmocka_unit_test(cancel_reaches_the_next_slice),
      cmocka_unit_test(a_task_that_has_not_begun_is_refused_instead),
      cmocka_unit_test(a_silent_device_asks_after_one_interval),
      cmocka_unit_test(a_download_is_no_sign_of_life),
      cmocka_unit_test(a_stream_that_takes_nothing_is_left),
      cmocka_unit_test(an_idle_device_is_quiet_and_sleeps),
      cmocka_unit_test(answers_that_do_not_come_are_not_waited_for),
      cmocka_unit_test(a_bye_that_does_not_leave_is_not_waited_for),
      cmocka_unit_test(the_back_off_has_full_jitter),
      cmocka_unit_test(welcome_and_bye_change_the_wait),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
