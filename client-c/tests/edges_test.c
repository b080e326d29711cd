/* Edges that whole sessions seldom meet: ports that break their contract, the last member of a condition. Together with
 * the other tests they take every branch of the core. */
#include <string.h>

#include "client_internal.h"
#include "fixture.h"
#include "speedwell/encoding.h"

static fixture_t *open_device(void) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  fixture_start(self);
  fixture_connect(self);
  return self;
}

static fixture_t *ready_device(void) {
  fixture_t *self = open_device();
  fixture_ready(self);
  return self;
}

static void expect_refusal(fixture_t *self, speedwell_RefuseReason reason) {
  speedwell_ToServer heard;
  fixture_expect(self, speedwell_ToServer_refuse_tag, &heard);
  assert_int_equal(heard.message.refuse.reason, reason);
}

/* A port that says it moved more than it was asked to is taken for a broken stream. */
/* SPW-INT-04 */
static void a_port_that_counts_wrong_loses_the_stream(void **state) {
  (void)state;
  for (uint32_t which = 0u; which < 2u; ++which) {
    fixture_t *self = fixture_new(SPW_FRAME_MIN);
    const spw_transport_t good = self->transport;
    if (which == 0u) {
      self->transport.send = fixture_send_too_much;
    } else {
      self->transport.receive = fixture_receive_too_much;
    }
    fixture_start(self);
    fixture_step(self);
    assert_false(self->opened);
    assert_int_equal(fixture_events(self, SPW_EVENT_LOST), 1u);
    self->transport = good;
    fixture_connect(self);
    fixture_ready(self);
    fixture_free(self);
  }
}

/* SPW-STR-05 */
static void an_unknown_message_before_welcome_is_passed_over(void **state) {
  static const uint8_t newer[] = {0x03u, 0x6Au, 0x01u, 0xFFu};
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  speedwell_ToServer heard;
  (void)state;
  fixture_start(self);
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  fixture_say_raw(self, newer, sizeof(newer));
  fixture_expect_silence(self);
  assert_true(self->opened);
  fixture_free(self);
}

/* What does not fit is not sent at all. (No message of ours is so long: this is the last line of defence.) */
/* SPW-FRM-05, SPW-FRM-06 */
static void a_message_beyond_the_limit_is_not_sent(void **state) {
  fixture_t *self = open_device();
  const speedwell_KeepAlive keep_alive = {true};
  (void)state;
  self->client.send_limit = 4u;
  spw_link_send(&self->client, speedwell_ToServer_keep_alive_tag, &keep_alive);
  fixture_expect_silence(self);
  self->client.send_limit = 5u;
  spw_link_send(&self->client, speedwell_ToServer_keep_alive_tag, &keep_alive);
  speedwell_ToServer heard;
  fixture_expect(self, speedwell_ToServer_keep_alive_tag, &heard);
  fixture_free(self);
}

/* SPW-TSK-01 */
static void offers_are_matched_with_the_device(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  float base[UP_ELEMENTS];
  spw_delta_t delta = {base, UP_ELEMENTS};
  spw_encoding_t encoding;
  speedwell_ToServer heard;
  speedwell_ToDevice said = {0};
  (void)state;
  spw_encoding_delta(&encoding, &delta);
  self->config.encoding = &encoding;
  self->trainer.trainer.numerics = SPW_NUMERICS_IEEE;
  self->run_config_size = 0u;
  fixture_start(self);
  fixture_connect(self);
  fixture_offer(self, 7u, 2u); /* an encoding, but another one */
  expect_refusal(self, speedwell_RefuseReason_REFUSE_ENCODING);
  fixture_offer(self, 7u, 1u); /* leaves the lists of a good offer */
  fixture_expect(self, speedwell_ToServer_run_ready_tag, &heard);
  said.which_message = speedwell_ToDevice_run_offer_tag;
  said.message.run_offer.handle = 900u;
  said.message.run_offer.run_id = 7u;
  said.message.run_offer.parameter_count = DOWN_ELEMENTS;
  said.message.run_offer.numerics = SPW_NUMERICS_IEEE; /* the device's own */
  fixture_say(self, &said);
  fixture_expect(self, speedwell_ToServer_run_ready_tag, &heard);
  self->blobs.encoding_count = 1u; /* of the layout: nothing but plain comes down */
  self->blobs.encoding[0] = 1u;
  fixture_say(self, &said);
  expect_refusal(self, speedwell_RefuseReason_REFUSE_ENCODING);
  fixture_free(self);
}

/* Brings a device to its finished result; the lists of its task stay. */
static fixture_t *finished_device(speedwell_ToDevice *task) {
  fixture_t *self = ready_device();
  speedwell_ToServer heard;
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  (void)memset(task, 0, sizeof(*task));
  task->which_message = speedwell_ToDevice_task_tag;
  task->message.task.handle = self->task_handle + 1u;
  task->message.task.run = self->run_handle;
  task->message.task.round = 1u;
  task->message.task.task = 11u;
  task->message.task.attempt = 1u;
  task->message.task.kind = 1u;
  return self;
}

/* The same task in all four, or another one. */
/* SPW-TSK-11 */
static void a_task_is_known_by_all_its_names(void **state) {
  (void)state;
  for (uint32_t differs = 0u; differs < 5u; ++differs) {
    speedwell_ToDevice said;
    speedwell_ToServer heard;
    fixture_t *self = finished_device(&said);
    said.message.task.round += (differs == 1u) ? 1u : 0u;
    said.message.task.task += (differs == 2u) ? 1u : 0u;
    said.message.task.attempt += (differs == 3u) ? 1u : 0u;
    self->blobs.crc[0] ^= (differs == 4u) ? 1u : 0u;
    fixture_say(self, &said);
    const bool same = (differs == 0u);
    fixture_expect(self, same ? speedwell_ToServer_result_tag : speedwell_ToServer_grant_tag, &heard);
    fixture_free(self);
  }
}

/* SPW-TSK-03, SPW-TSK-04 */
static void tasks_of_no_kind_and_handles_out_of_range(void **state) {
  static const uint32_t kinds[3] = {0u, 3u, 32u};
  speedwell_ToDevice said;
  (void)state;
  for (uint32_t i = 0u; i < 3u; ++i) {
    fixture_t *self = ready_device();
    fixture_task_of_kind(self, kinds[i], 1u, 0u);
    expect_refusal(self, speedwell_RefuseReason_REFUSE_KIND);
    fixture_free(self);
  }
  fixture_t *self = finished_device(&said);
  speedwell_ToServer heard;
  said.message.task.handle = 0x80000000u;
  fixture_say(self, &said);
  fixture_expect(self, speedwell_ToServer_bye_tag, &heard);
  fixture_free(self);
}

/* A task that comes again while it trains goes on without a word. */
static void training_is_not_disturbed_by_the_same_task(void **state) {
  fixture_t *self = ready_device();
  speedwell_ToServer heard;
  speedwell_ToDevice said = {0};
  (void)state;
  self->trainer.steps_wanted = 50u;
  fixture_task(self, 1u, 0u);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  said.which_message = speedwell_ToDevice_chunk_tag;
  said.message.chunk.handle = self->task_handle;
  said.message.chunk.data.bytes = self->parameters;
  said.message.chunk.data.size = sizeof(self->parameters);
  fixture_say(self, &said);
  while (self->trainer.steps < 10u) {
    fixture_step(self);
  }
  (void)memset(&said, 0, sizeof(said));
  said.which_message = speedwell_ToDevice_task_tag;
  said.message.task.handle = 700u;
  said.message.task.run = self->run_handle;
  said.message.task.round = 1u;
  said.message.task.task = 11u;
  said.message.task.attempt = 1u;
  said.message.task.kind = 1u;
  fixture_say(self, &said);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(heard.message.result.handle, 700u);
  assert_int_equal(heard.message.result.steps, 50u);
  assert_int_equal(self->trainer.begun, 1u);
  fixture_free(self);
}

/* Frames enough for one step, then credit for a chunk: the wish says that there is more to send. */
/* SPW-TIM-01 */
static void a_step_that_ends_before_a_chunk_asks_for_another(void **state) {
  speedwell_ToDevice said;
  fixture_t *self = finished_device(&said);
  speedwell_ToDevice grant = {0};
  speedwell_ToServer heard;
  (void)state;
  (void)memset(&said, 0, sizeof(said));
  said.which_message = speedwell_ToDevice_reject_tag;
  for (uint32_t i = 0u; i < 14u; ++i) { /* with the receipt and the grant: SPW_FRAMES_PER_STEP */
    fixture_say(self, &said);
  }
  grant.which_message = speedwell_ToDevice_grant_tag;
  grant.message.grant.handle = self->task_handle;
  grant.message.grant.length = 20u;
  fixture_say(self, &grant);
  fixture_step(self);
  assert_int_equal(self->up.at, self->up.size);
  assert_true(self->wish.cpu);
  fixture_expect(self, speedwell_ToServer_chunk_tag, &heard);
  fixture_free(self);
}

/* SPW-SES-07 */
static void stopping_in_the_middle_of_a_frame_just_closes(void **state) {
  speedwell_ToDevice said;
  fixture_t *self = finished_device(&said);
  (void)state;
  self->room = 20u;
  fixture_grant(self, 0u, 0u, 172u);
  const uint32_t sent = self->up.size;
  spw_client_stop(&self->client);
  assert_false(self->opened);
  assert_int_equal(self->up.size, sent); /* a Bye in the middle of a chunk would be garbage */
  self->room = UINT32_MAX;
  fixture_free(self);
}

/* SPW-UPL-04 */
static void an_update_id_is_never_0(void **state) {
  fixture_t *self = ready_device();
  speedwell_ToServer heard;
  (void)state;
  fixture_task(self, 1u, 0u);
  self->client.random = 0u; /* its next number is 0 */
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_not_equal(heard.message.result.update_id, 0u);
  fixture_free(self);
}

/* An update longer than a slice is remembered, encoded and summed in several. */
/* SPW-TIM-05 */
static void a_large_update_takes_several_slices(void **state) {
  enum { ELEMENTS = 600, SIZE = 4 * ELEMENTS };
  static float weight[ELEMENTS];
  static const uint8_t layout[] = {1u, 'w', 1u, 0u, 1u, 0x58u, 0x02u, 0u, 0u};
  static uint8_t parameters[SIZE];
  static const spw_tensor_t tensor = SPW_VECTOR("w", weight, ELEMENTS);
  static uint8_t bytes[SIZE];
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  speedwell_ToServer heard;
  speedwell_ToDevice said = {0};
  (void)state;
  for (uint32_t i = 0u; i < (uint32_t)SIZE; ++i) {
    parameters[i] = (uint8_t)(i % 251u);
  }
  self->trainer.trainer.tensors = &tensor;
  self->trainer.trainer.tensor_count = 1u;
  self->run_config_size = 0u;
  (void)memcpy(self->layout, layout, sizeof(layout));
  self->layout_size = sizeof(layout);
  fixture_start(self);
  fixture_connect(self);
  fixture_offer(self, 7u, 0u); /* its count of parameters does not fit; its lists do */
  expect_refusal(self, speedwell_RefuseReason_REFUSE_LAYOUT);
  said.which_message = speedwell_ToDevice_run_offer_tag;
  said.message.run_offer.handle = 90u;
  said.message.run_offer.run_id = 7u;
  said.message.run_offer.parameter_count = ELEMENTS;
  fixture_say(self, &said);
  fixture_expect(self, speedwell_ToServer_run_ready_tag, &heard);
  (void)memset(&said, 0, sizeof(said));
  said.which_message = speedwell_ToDevice_task_tag;
  said.message.task.handle = self->task_handle = 91u;
  said.message.task.run = 90u;
  said.message.task.round = 1u;
  said.message.task.kind = 1u;
  self->blobs.role[0] = 16u;
  self->blobs.length[0] = SIZE;
  self->blobs.crc[0] = fixture_crc(7u, 16u, 0u, 1u, 0u, parameters, SIZE);
  fixture_say(self, &said);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  fixture_send_blob(self, 91u, 0u, parameters, 0u, SIZE, 200u);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(self->heard_blobs.length[0], SIZE);
  const uint32_t announced = self->heard_blobs.crc[0];
  const uint32_t id = heard.message.result.update_id;
  fixture_grant(self, 0u, 0u, SIZE);
  assert_int_equal(fixture_collect(self, 0u, 0u, bytes), SIZE);
  assert_memory_equal(bytes, parameters, SIZE); /* this trainer trains other tensors */
  assert_int_equal(fixture_crc(7u, 17u, 0u, 1u, id, bytes, SIZE), announced);
  fixture_free(self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_port_that_counts_wrong_loses_the_stream),
      cmocka_unit_test(an_unknown_message_before_welcome_is_passed_over),
      cmocka_unit_test(a_message_beyond_the_limit_is_not_sent),
      cmocka_unit_test(offers_are_matched_with_the_device),
      cmocka_unit_test(a_task_is_known_by_all_its_names),
      cmocka_unit_test(tasks_of_no_kind_and_handles_out_of_range),
      cmocka_unit_test(training_is_not_disturbed_by_the_same_task),
      cmocka_unit_test(a_step_that_ends_before_a_chunk_asks_for_another),
      cmocka_unit_test(stopping_in_the_middle_of_a_frame_just_closes),
      cmocka_unit_test(an_update_id_is_never_0),
      cmocka_unit_test(a_large_update_takes_several_slices),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
