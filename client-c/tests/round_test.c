/* Whole rounds: offer, download, training, upload, accepted, committed. */
#include <string.h>

#include "fixture.h"
#include "speedwell/config.h"

/* Grants a blob of the result whole, takes it, and holds it against its announced checksum. */
static void upload(fixture_t *self, const speedwell_Result *result, uint32_t blob, uint32_t round, uint8_t *bytes) {
  const blobs_t *blobs = &self->heard_blobs; /* an absent encoding is 0 */
  fixture_grant(self, blob, 0u, blobs->length[blob]);
  assert_int_equal(fixture_collect(self, blob, 0u, bytes), blobs->length[blob]);
  assert_int_equal(
      fixture_crc(7u, blobs->role[blob], blobs->encoding[blob], round, result->update_id, bytes, blobs->length[blob]),
      blobs->crc[blob]);
}

static uint32_t one_round(fixture_t *self, uint32_t round) {
  uint8_t bytes[4 * UP_ELEMENTS];
  uint8_t expected[4 * UP_ELEMENTS];
  speedwell_ToServer heard;
  fixture_task(self, round, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  const speedwell_Result result = heard.message.result;
  assert_int_equal(result.handle, self->task_handle);
  assert_int_not_equal(result.update_id, 0u);
  assert_int_equal(result.cause, speedwell_Cause_CAUSE_DONE);
  assert_int_equal(result.examples_held, 100u);
  assert_int_equal(result.examples_used, 50u);
  assert_int_equal(result.steps, 5u);
  assert_true((result.work_norm == 5.0f) && (result.loss_before == 2.5f) && (result.loss_after == 1.25f));
  assert_int_equal(self->heard_blobs.role_count, 1u);
  assert_int_equal(self->heard_blobs.role[0], speedwell_Role_ROLE_UPDATE);
  assert_int_equal(self->heard_blobs.length[0], sizeof(bytes));
  fixture_expect_silence(self); /* nothing of it before it is granted */
  upload(self, &result, 0u, round, bytes);
  fixture_update(self, expected);
  assert_memory_equal(bytes, expected, sizeof(bytes));
  fixture_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, result.update_id);
  assert_int_equal(fixture_event_number(self, SPW_EVENT_ACCEPTED), round);
  fixture_small(self, speedwell_ToDevice_committed_tag, self->task_handle, round);
  assert_int_equal(fixture_event_number(self, SPW_EVENT_COMMITTED), round);
  fixture_expect_silence(self);
  return result.update_id;
}

static void a_round_with_frames_of(uint32_t frame, uint32_t piece) {
  fixture_t *self = fixture_new(frame);
  self->piece = piece;
  self->trainer.head[0] = -3.0f;
  fixture_start(self);
  fixture_connect(self);
  fixture_ready(self);
  const uint32_t first = one_round(self, 1u);
  assert_true(self->trainer.norm[0] == 40.0f * 0.37f); /* frozen: came down, stayed */
  assert_true(self->trainer.head[0] == 2.0f);          /* local: only trained */
  assert_true(self->trainer.weight[1] == 0.37f + 5.0f);
  assert_true(spw_client_model_valid(&self->client));
  const spw_task_t *task = &self->trainer.task;
  assert_int_equal(task->kind, SPW_KIND_TRAIN);
  assert_int_equal(task->round, 1u);
  assert_int_equal(task->seed, 99u);
  assert_int_equal(task->max_epochs, 2u);
  assert_true(spw_config_f32(task, "lr", 0.1f) == 0.5f);
  assert_int_not_equal(one_round(self, 2u), first); /* a new update has a new id */
  assert_int_equal(self->trainer.begun, 2u);
  assert_int_equal(fixture_events(self, SPW_EVENT_RESULT), 2u);
  assert_int_equal(fixture_events(self, SPW_EVENT_RESUMED), 0u);
  fixture_free(self);
}

/* SPW-FRM-04, SPW-UPL-03 */
static void a_round_with_the_smallest_frames(void **state) {
  (void)state;
  a_round_with_frames_of(SPW_FRAME_MIN, 0u);
}

/* SPW-UPL-03 */
static void a_round_with_large_frames(void **state) {
  (void)state;
  a_round_with_frames_of(4096u, 0u);
}

/* SPW-FRM-01 */
static void a_round_byte_by_byte(void **state) {
  (void)state;
  for (uint32_t piece = 1u; piece < 12u; piece += 2u) {
    a_round_with_frames_of(SPW_FRAME_MIN, piece);
  }
}

/* SPW-FRM-06, SPW-UPL-01 */
static void chunks_carry_what_always_fits_the_servers_frames(void **state) {
  fixture_t *self = fixture_new(4096u);
  uint8_t bytes[METRICS_SIZE];
  speedwell_ToServer heard;
  (void)state;
  self->trainer.metrics = 50u; /* of 18 bytes */
  fixture_start(self);
  fixture_run(self);
  fixture_welcome(self, SPW_FRAME_MIN); /* the server takes less than the device could send */
  fixture_ready(self);
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  const uint32_t before = self->up.size;
  fixture_grant(self, 1u, 0u, 900u);
  /* 230 bytes of data each (PROTOCOL.md, section 9); heads of 12 bytes, or 15 with an offset */
  const uint32_t sizes[] = {242u, 245u, 245u};
  uint32_t at = before;
  for (uint32_t i = 0u; i < 3u; ++i) {
    assert_int_equal(2u + (self->up.bytes[at] & 0x7Fu) + (128u * self->up.bytes[at + 1u]), sizes[i]);
    at += sizes[i];
  }
  assert_int_equal(fixture_collect(self, 1u, 0u, bytes), 900u);
  fixture_free(self);
}

/* SPW-UPL-01 */
static void credit_is_given_bit_by_bit(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  uint8_t bytes[4 * UP_ELEMENTS];
  uint8_t expected[4 * UP_ELEMENTS];
  speedwell_ToServer heard;
  (void)state;
  fixture_start(self);
  fixture_connect(self);
  fixture_ready(self);
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  uint32_t at = 0u;
  while (at < sizeof(bytes)) {
    const uint32_t credit = ((sizeof(bytes) - at) < 13u) ? ((uint32_t)sizeof(bytes) - at) : 13u;
    fixture_grant(self, 0u, at, credit);
    assert_int_equal(fixture_collect(self, 0u, at, bytes), at + credit);
    fixture_grant(self, 0u, at, 0u); /* credit is never taken back, and none extends nothing */
    fixture_expect_silence(self);
    at += credit;
  }
  fixture_update(self, expected);
  assert_memory_equal(bytes, expected, sizeof(bytes));
  fixture_free(self);
}

/* SPW-UPL-05 */
static void metrics_go_up_as_a_blob_of_their_own(void **state) {
  static const uint8_t expected[] = {1, 8, 'a', 'c', 'c', 'u', 'r', 'a', 'c', 'y', 0, 0, 0x40, 0x3F, 0, 0, 0xC8, 0x42};
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  uint8_t bytes[4 * UP_ELEMENTS];
  speedwell_ToServer heard;
  (void)state;
  self->trainer.metrics = 1u;
  fixture_start(self);
  fixture_connect(self);
  fixture_ready(self);
  fixture_task(self, 3u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  const speedwell_Result result = heard.message.result;
  assert_int_equal(self->heard_blobs.role_count, 2u);
  assert_int_equal(self->heard_blobs.role[1], speedwell_Role_ROLE_METRICS);
  upload(self, &result, 1u, 3u, bytes); /* the receiver grants in the order it likes */
  assert_int_equal(self->heard_blobs.length[1], sizeof(expected));
  assert_memory_equal(bytes, expected, sizeof(expected));
  upload(self, &result, 0u, 3u, bytes);
  fixture_free(self);
}

/* SPW-TSK-13 */
static void an_evaluation_has_no_update(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  uint8_t bytes[64];
  speedwell_ToServer heard;
  (void)state;
  self->trainer.metrics = 1u;
  fixture_start(self);
  fixture_connect(self);
  fixture_ready(self);
  fixture_task_of_kind(self, (uint32_t)SPW_KIND_EVALUATE, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  const speedwell_Result result = heard.message.result;
  assert_int_equal(self->heard_blobs.role_count, 1u);
  assert_int_equal(self->heard_blobs.role[0], speedwell_Role_ROLE_METRICS);
  upload(self, &result, 0u, 1u, bytes);
  /* Without metrics it has no blob at all. */
  self->trainer.metrics = 0u;
  fixture_task_of_kind(self, (uint32_t)SPW_KIND_EVALUATE, 2u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(self->heard_blobs.role_count, 0u);
  fixture_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, heard.message.result.update_id);
  assert_int_equal(fixture_events(self, SPW_EVENT_ACCEPTED), 1u);
  fixture_free(self);
}

/* SPW-TSK-13 */
static void a_query_needs_no_parameters(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  speedwell_ToServer heard;
  speedwell_ToDevice said = {0};
  (void)state;
  self->trainer.trainer.kinds = 1u << (uint32_t)SPW_KIND_QUERY;
  self->trainer.metrics = 1u;
  fixture_start(self);
  fixture_connect(self);
  speedwell_ToDevice offer = {0};
  offer.which_message = speedwell_ToDevice_run_offer_tag;
  offer.message.run_offer.handle = 1u;
  offer.message.run_offer.run_id = 7u;
  offer.message.run_offer.parameter_count = DOWN_ELEMENTS;
  offer.message.run_offer.kinds = 1u << (uint32_t)SPW_KIND_QUERY;
  (void)memset(&self->blobs, 0, sizeof(self->blobs));
  self->blobs.role_count = 1u;
  self->blobs.role[0] = (uint32_t)speedwell_Role_ROLE_LAYOUT;
  self->blobs.length_count = 1u;
  self->blobs.length[0] = self->layout_size;
  self->blobs.crc_count = 1u;
  self->blobs.crc[0] = fixture_crc(0u, 1u, 0u, 0u, 0u, self->layout, self->layout_size);
  fixture_say(self, &offer);
  fixture_expect(self, speedwell_ToServer_run_ready_tag, &heard);
  said.which_message = speedwell_ToDevice_task_tag;
  said.message.task.handle = 2u;
  said.message.task.run = 1u;
  said.message.task.kind = (uint32_t)SPW_KIND_QUERY;
  (void)memset(&self->blobs, 0, sizeof(self->blobs));
  fixture_say(self, &said);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(self->heard_blobs.role_count, 1u);
  assert_int_equal(self->heard_blobs.role[0], speedwell_Role_ROLE_METRICS);
  assert_int_equal(self->trainer.task.kind, SPW_KIND_QUERY);
  fixture_free(self);
}

/* SPW-UPL-06 */
static void deltas_go_up_when_the_run_wants_them(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  float base[UP_ELEMENTS];
  spw_delta_t delta = {base, UP_ELEMENTS};
  spw_encoding_t encoding;
  uint8_t bytes[4 * UP_ELEMENTS];
  speedwell_ToServer heard;
  (void)state;
  spw_encoding_delta(&encoding, &delta);
  self->config.encoding = &encoding;
  self->run_config_size = 0u;
  fixture_start(self);
  fixture_connect(self);
  fixture_offer(self, 7u, 1u);
  fixture_expect(self, speedwell_ToServer_run_ready_tag, &heard);
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  const speedwell_Result result = heard.message.result;
  assert_int_equal(self->heard_blobs.encoding_count, 1u);
  assert_int_equal(self->heard_blobs.encoding[0], speedwell_Encoding_ENCODING_DELTA_F32);
  upload(self, &result, 0u, 1u, bytes);
  for (uint32_t i = 0u; i < UP_ELEMENTS; ++i) {
    float difference = 0.0f;
    (void)memcpy(&difference, &bytes[4u * i], 4u); /* the tests run on little-endian machines */
    const float before = (float)((i < 40u) ? i : (i + 2u)) * 0.37f;
    const float after = (i < 40u) ? self->trainer.weight[i] : self->trainer.bias[i - 40u];
    assert_true(difference == (after - before));
  }
  fixture_free(self);
}

/* SPW-MEM-03 */
static void two_clients_live_in_one_image(void **state) {
  fixture_t *a = fixture_new(SPW_FRAME_MIN);
  fixture_t *b = fixture_new(4096u);
  speedwell_ToServer heard;
  (void)state;
  b->config.seed = 43u;
  fixture_start(a);
  fixture_start(b);
  fixture_connect(a);
  fixture_connect(b);
  fixture_ready(b);
  fixture_ready(a);
  fixture_task(a, 1u, 0u);
  fixture_cut(b);
  fixture_download(a);
  fixture_connect(b);
  fixture_expect(a, speedwell_ToServer_result_tag, &heard);
  const uint32_t update_a = heard.message.result.update_id;
  fixture_ready(b);
  fixture_task(b, 1u, 0u);
  fixture_download(b);
  fixture_expect(b, speedwell_ToServer_result_tag, &heard);
  assert_int_not_equal(update_a, heard.message.result.update_id);
  assert_int_equal(fixture_events(a, SPW_EVENT_LOST), 0u);
  fixture_free(a);
  fixture_free(b);
}

/* SPW-SES-01, SPW-SES-10 */
static void hello_says_what_the_device_can(void **state) {
  fixture_t *self = fixture_new(512u);
  speedwell_ToServer heard;
  (void)state;
  self->config.conditions = 5u;
  self->config.keep_alive_ms = 30000u;
  self->trainer.trainer.numerics = SPW_NUMERICS_IEEE;
  fixture_start(self);
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  const speedwell_Hello *hello = &heard.message.hello;
  assert_int_equal(hello->version_min, 1u);
  assert_int_equal(hello->version_max, 1u);
  assert_int_equal(hello->device_id.size, 8u);
  assert_memory_equal(hello->device_id.bytes, "device-1", 8u);
  assert_int_equal(hello->frame_limit, 512u);
  assert_int_equal(hello->kinds, 6u);
  assert_int_equal(hello->roles, 0x00070006u);
  assert_int_equal(hello->encodings, 1u);
  assert_int_equal(hello->numerics, 1u);
  assert_int_equal(hello->parameter_capacity, DOWN_ELEMENTS);
  assert_int_equal(hello->conditions, 5u);
  assert_int_equal(hello->token, 0u);
  assert_int_equal(hello->keep_alive_ms, 30000u);
  fixture_cut(self);
  fixture_connect(self);
  fixture_cut(self);
  self->now = self->wish.wake_at_ms;
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  assert_true(heard.message.hello.token == 0x1122334455667788u);
  fixture_free(self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_round_with_the_smallest_frames),
      cmocka_unit_test(a_round_with_large_frames),
      cmocka_unit_test(a_round_byte_by_byte),
      cmocka_unit_test(chunks_carry_what_always_fits_the_servers_frames),
      cmocka_unit_test(credit_is_given_bit_by_bit),
      cmocka_unit_test(metrics_go_up_as_a_blob_of_their_own),
      cmocka_unit_test(an_evaluation_has_no_update),
      cmocka_unit_test(a_query_needs_no_parameters),
      cmocka_unit_test(deltas_go_up_when_the_run_wants_them),
      cmocka_unit_test(two_clients_live_in_one_image),
      cmocka_unit_test(hello_says_what_the_device_can),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
