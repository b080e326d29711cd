/* A lost link: the task is kept, and goes on where it was. */
#include <string.h>

#include "fixture.h"

static fixture_t *ready_device(uint32_t seed) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  self->config.seed = seed;
  fixture_start(self);
  fixture_connect(self);
  fixture_ready(self);
  return self;
}

/* Back on a new connection; the server offers the run again, and its config is still held. */
static void come_back(fixture_t *self) {
  speedwell_ToServer heard;
  fixture_connect(self);
  fixture_offer(self, 7u, 0u);
  fixture_expect(self, speedwell_ToServer_run_ready_tag, &heard);
}

/* SPW-RES-01, SPW-BLB-03 */
static void a_download_goes_on_at_its_offset(void **state) {
  (void)state;
  for (uint32_t held = 0u; held < (4u * DOWN_ELEMENTS); held += 7u) {
    fixture_t *self = ready_device(1u);
    speedwell_ToServer heard;
    fixture_task(self, 1u, 0u);
    fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
    fixture_send_blob(self, self->task_handle, 0u, self->parameters, 0u, held, 70u);
    assert_int_equal(spw_client_model_valid(&self->client), held == 0u);
    fixture_cut(self);
    come_back(self);
    fixture_task(self, 1u, 0u);
    fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
    assert_int_equal(heard.message.grant.handle, self->task_handle);
    assert_int_equal(heard.message.grant.offset, held);
    assert_int_equal(heard.message.grant.length, sizeof(self->parameters) - held);
    assert_int_equal(fixture_events(self, SPW_EVENT_RESUMED), (held > 0u) ? 1u : 0u);
    fixture_send_blob(self, self->task_handle, 0u, self->parameters, held, sizeof(self->parameters), 33u);
    fixture_expect(self, speedwell_ToServer_result_tag, &heard);
    assert_true(spw_client_model_valid(&self->client));
    assert_true(self->trainer.weight[39] == (39.0f * 0.37f) + 1.0f + 1.0f + 1.0f + 1.0f + 1.0f);
    fixture_free(self);
  }
}

/* SPW-RES-02, SPW-UPL-03 */
static void an_upload_goes_on_where_the_server_wants(void **state) {
  (void)state;
  for (uint32_t held = 0u; held <= (4u * UP_ELEMENTS); held += 11u) {
    fixture_t *self = ready_device(1u);
    uint8_t bytes[4 * UP_ELEMENTS];
    uint8_t expected[4 * UP_ELEMENTS];
    speedwell_ToServer heard;
    fixture_task(self, 1u, 0u);
    fixture_download(self);
    fixture_expect(self, speedwell_ToServer_result_tag, &heard);
    const uint32_t first_id = heard.message.result.update_id;
    const uint32_t first_crc = self->heard_blobs.crc[0];
    fixture_update(self, expected);
    fixture_grant(self, 0u, 0u, held);
    assert_int_equal(fixture_collect(self, 0u, 0u, bytes), held);
    fixture_cut(self);
    come_back(self);
    fixture_task(self, 1u, 0u);
    fixture_expect(self, speedwell_ToServer_result_tag, &heard);
    assert_int_equal(heard.message.result.update_id, first_id);
    assert_int_equal(self->heard_blobs.crc[0], first_crc);
    assert_int_equal(heard.message.result.handle, self->task_handle);
    const uint32_t from = held / 2u; /* the server's offset may move backwards */
    fixture_grant(self, 0u, from, sizeof(bytes) - from);
    assert_int_equal(fixture_collect(self, 0u, from, bytes), sizeof(bytes));
    assert_memory_equal(bytes, expected, sizeof(bytes));
    assert_int_equal(self->trainer.begun, 1u);
    fixture_free(self);
  }
}

/* SPW-FRM-07 */
static void a_frame_cut_in_half_is_not_continued(void **state) {
  fixture_t *self = ready_device(1u);
  uint8_t bytes[4 * UP_ELEMENTS];
  speedwell_ToServer heard;
  (void)state;
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  self->room = 20u; /* the link takes a part of the chunk, then breaks */
  fixture_grant(self, 0u, 0u, sizeof(bytes));
  assert_int_equal(self->room, 0u);
  assert_true(self->wish.write && (!self->wish.cpu));
  fixture_cut(self);
  self->room = UINT32_MAX;
  come_back(self); /* begins with a whole Hello */
  fixture_task(self, 1u, 0u);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  fixture_grant(self, 0u, 0u, sizeof(bytes));
  assert_int_equal(fixture_collect(self, 0u, 0u, bytes), sizeof(bytes));
  fixture_free(self);
}

/* SPW-RES-03 */
static void training_goes_on_without_a_link(void **state) {
  fixture_t *self = ready_device(1u);
  speedwell_ToServer heard;
  (void)state;
  self->trainer.steps_wanted = 50u;
  fixture_task(self, 1u, 0u);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  self->slices = 1u;
  for (uint32_t at = 0u; at < sizeof(self->parameters); at += 60u) {
    speedwell_ToDevice said = {0};
    said.which_message = speedwell_ToDevice_chunk_tag;
    said.message.chunk.handle = self->task_handle;
    said.message.chunk.offset = at;
    said.message.chunk.data.bytes = &self->parameters[at];
    said.message.chunk.data.size = 60u;
    fixture_say(self, &said);
  }
  while (self->trainer.steps < 10u) {
    fixture_step(self);
  }
  self->opens = -1; /* and the server stays away */
  self->broken = true;
  fixture_run(self);
  assert_false(self->opened);
  assert_int_equal(self->trainer.steps, 50u);
  assert_int_equal(self->trainer.cause, SPW_CAUSE_DONE);
  assert_false(self->wish.cpu); /* a finished update waits without work */
  fixture_pass(self, 600000u);
  self->opens = 1;
  come_back(self);
  fixture_task(self, 1u, 0u);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(heard.message.result.steps, 50u);
  assert_int_equal(self->trainer.begun, 1u);
  fixture_free(self);
}

/* SPW-RES-04 */
static void a_result_accepted_before_is_given_again(void **state) {
  fixture_t *self = ready_device(1u);
  speedwell_ToServer heard;
  (void)state;
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  const uint32_t id = heard.message.result.update_id;
  fixture_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, id);
  fixture_cut(self);
  come_back(self);
  fixture_task(self, 1u, 0u);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(heard.message.result.update_id, id);
  fixture_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, id);
  assert_int_equal(fixture_events(self, SPW_EVENT_ACCEPTED), 2u);
  fixture_small(self, speedwell_ToDevice_committed_tag, self->task_handle, 1u);
  assert_int_equal(fixture_events(self, SPW_EVENT_COMMITTED), 1u);
  fixture_free(self);
}

/* Puts the device in the middle of training, then cuts the link and comes back. */
static fixture_t *device_in_training(void) {
  fixture_t *self = ready_device(1u);
  self->trainer.steps_wanted = 1000000u;
  fixture_task(self, 1u, 0u);
  speedwell_ToServer heard;
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
  assert_int_equal(self->trainer.begun, 1u);
  return self;
}

/* Steps a device that trains until it has said something. */
static void hear_soon(fixture_t *self, pb_size_t which, speedwell_ToServer *heard) {
  uint32_t steps = 0u;
  while (!fixture_hear(self, heard)) {
    fixture_step(self);
    ++steps;
    assert_true(steps < 100u);
  }
  assert_int_equal(heard->which_message, which);
}

/* SPW-TSK-11 */
static void another_task_drops_the_one_in_training(void **state) {
  fixture_t *self = device_in_training();
  speedwell_ToServer heard;
  (void)state;
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_task_tag;
  said.message.task.handle = 1000u;
  said.message.task.run = self->run_handle;
  said.message.task.round = 2u;
  said.message.task.kind = 1u;
  (void)memset(&self->blobs, 0, sizeof(self->blobs));
  self->blobs.role_count = 1u;
  self->blobs.role[0] = 16u;
  self->blobs.length_count = 1u;
  self->blobs.length[0] = sizeof(self->parameters);
  self->blobs.crc_count = 1u;
  fixture_say(self, &said);
  hear_soon(self, speedwell_ToServer_grant_tag, &heard);
  assert_int_equal(heard.message.grant.handle, 1000u);
  assert_int_equal(self->trainer.cause, SPW_CAUSE_CANCELLED);
  assert_int_equal(self->trainer.finished, 1u);
  fixture_free(self);
}

/* SPW-TSK-11 */
static void another_run_drops_the_task(void **state) {
  fixture_t *self = device_in_training();
  speedwell_ToServer heard;
  (void)state;
  fixture_offer(self, 8u, 0u);
  fixture_expect(self, speedwell_ToServer_run_ready_tag, &heard);
  assert_int_equal(self->trainer.cause, SPW_CAUSE_CANCELLED);
  fixture_free(self);
}

/* SPW-TSK-11 */
static void another_config_drops_the_task(void **state) {
  fixture_t *self = device_in_training();
  speedwell_ToServer heard;
  (void)state;
  self->run_config[7] = 0x40u;
  fixture_offer(self, 7u, 0u);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  assert_int_equal(self->trainer.cause, SPW_CAUSE_CANCELLED);
  fixture_free(self);
}

/* SPW-TSK-12 */
static void a_refusal_without_a_link_is_said_later(void **state) {
  fixture_t *self = device_in_training();
  speedwell_ToServer heard;
  (void)state;
  self->broken = true;
  fixture_step(self);
  assert_false(self->opened);
  self->denies = true; /* the application wants the machine for itself */
  fixture_run(self);
  assert_int_equal(self->trainer.cause, SPW_CAUSE_CANCELLED);
  come_back(self);
  fixture_task(self, 1u, 0u);
  fixture_expect(self, speedwell_ToServer_refuse_tag, &heard);
  assert_int_equal(heard.message.refuse.handle, self->task_handle);
  assert_int_equal(heard.message.refuse.reason, speedwell_RefuseReason_REFUSE_NOT_NOW);
  fixture_expect_silence(self);
  fixture_free(self);
}

/* SPW-RES-05, SPW-UPL-04 */
static void a_device_that_rebooted_starts_anew(void **state) {
  uint32_t ids[2] = {0u, 0u};
  (void)state;
  for (uint32_t boot = 0u; boot < 2u; ++boot) {
    fixture_t *self = ready_device(boot);
    speedwell_ToServer heard;
    fixture_task(self, 1u, 0u);
    fixture_download(self);
    fixture_expect(self, speedwell_ToServer_result_tag, &heard);
    ids[boot] = heard.message.result.update_id;
    fixture_free(self);
  }
  assert_int_not_equal(ids[0], ids[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_download_goes_on_at_its_offset),
      cmocka_unit_test(an_upload_goes_on_where_the_server_wants),
      cmocka_unit_test(a_frame_cut_in_half_is_not_continued),
      cmocka_unit_test(training_goes_on_without_a_link),
      cmocka_unit_test(a_result_accepted_before_is_given_again),
      cmocka_unit_test(another_task_drops_the_one_in_training),
      cmocka_unit_test(another_run_drops_the_task),
      cmocka_unit_test(another_config_drops_the_task),
      cmocka_unit_test(a_refusal_without_a_link_is_said_later),
      cmocka_unit_test(a_device_that_rebooted_starts_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
