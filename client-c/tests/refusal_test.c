/* What the device refuses, and what it does not forgive. */
#include <string.h>

#include "fixture.h"

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

/* The device must refuse `handle` for `reason`, and stay connected. */
static void expect_refusal(fixture_t *self, uint32_t handle, speedwell_RefuseReason reason, const char *detail) {
  speedwell_ToServer heard;
  fixture_expect(self, speedwell_ToServer_refuse_tag, &heard);
  assert_int_equal(heard.message.refuse.handle, handle);
  assert_int_equal(heard.message.refuse.reason, reason);
  assert_int_equal(heard.message.refuse.detail.size, strlen(detail));
  assert_memory_equal(heard.message.refuse.detail.bytes, detail, strlen(detail));
  assert_int_equal(fixture_event_number(self, SPW_EVENT_REFUSED), reason);
  fixture_expect_silence(self);
  assert_true(spw_client_connected(&self->client));
}

static void expect_bye(fixture_t *self) {
  speedwell_ToServer heard;
  fixture_expect(self, speedwell_ToServer_bye_tag, &heard);
  assert_int_equal(heard.message.bye.reason, speedwell_ByeReason_BYE_PROTOCOL);
  assert_false(self->opened);
}

/* An offer that fits, for a test to spoil. */
static speedwell_ToDevice good_offer(fixture_t *self) {
  speedwell_ToDevice said = {0};
  speedwell_RunOffer *offer = &said.message.run_offer;
  said.which_message = speedwell_ToDevice_run_offer_tag;
  offer->handle = 500u;
  offer->run_id = 7u;
  offer->parameter_count = DOWN_ELEMENTS;
  offer->kinds = 6u;
  blobs_t *blobs = &self->blobs;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = 2u;
  blobs->role[0] = 1u;
  blobs->role[1] = 2u;
  blobs->length_count = 2u;
  blobs->length[0] = self->layout_size;
  blobs->length[1] = self->run_config_size;
  blobs->crc_count = 2u;
  blobs->crc[0] = fixture_crc(0u, 1u, 0u, 0u, 0u, self->layout, self->layout_size);
  blobs->crc[1] = fixture_crc(0u, 2u, 0u, 0u, 0u, self->run_config, self->run_config_size);
  return said;
}

static speedwell_ToDevice good_task(fixture_t *self) {
  speedwell_ToDevice said = {0};
  speedwell_Task *task = &said.message.task;
  said.which_message = speedwell_ToDevice_task_tag;
  task->handle = 600u;
  task->run = self->run_handle;
  task->round = 1u;
  task->kind = 1u;
  blobs_t *blobs = &self->blobs;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = 1u;
  blobs->role[0] = 16u;
  blobs->length_count = 1u;
  blobs->length[0] = sizeof(self->parameters);
  blobs->crc_count = 1u;
  blobs->crc[0] = fixture_crc(7u, 16u, 0u, 1u, 0u, self->parameters, sizeof(self->parameters));
  return said;
}

/* SPW-TSK-01 */
static void an_offer_is_refused_with_the_first_reason(void **state) {
  fixture_t *self = open_device();
  speedwell_ToDevice said = good_offer(self);
  speedwell_RunOffer *offer = &said.message.run_offer;
  (void)state;
  /* Every reason at once, taken away one by one in the protocol's order. */
  offer->features = 1u;
  offer->kinds = 14u;
  self->blobs.role[1] = 3u;
  offer->numerics = 2u;
  offer->update_encoding = 1u;
  self->blobs.length[1] = CONFIG_SIZE + 1u;
  self->blobs.length[0] = self->layout_size + 1u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_FEATURE, "");
  offer->features = 0u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_KIND, "");
  offer->kinds = 2u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_ROLE, "");
  self->blobs.role[1] = 2u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_NUMERICS, "");
  offer->numerics = 0u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_ENCODING, "");
  offer->update_encoding = 0u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_CAPACITY, "config");
  self->blobs.length[1] = self->run_config_size;
  speedwell_ToServer heard;
  fixture_say(self, &said);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard); /* of the layout, which differs */
  assert_int_equal(heard.message.grant.blob, 0u);
  assert_int_equal(heard.message.grant.length, self->layout_size + 1u);
  fixture_free(self);
}

/* SPW-TSK-02 */
static void a_layout_that_differs_is_refused_by_name(void **state) {
  fixture_t *self = open_device();
  speedwell_ToServer heard;
  (void)state;
  self->layout[30] = 0u; /* "head" would be averaged, not local */
  fixture_offer(self, 7u, 0u);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  fixture_send_blob(self, self->run_handle, 0u, self->layout, 0u, self->layout_size, 5u);
  expect_refusal(self, self->run_handle, speedwell_RefuseReason_REFUSE_LAYOUT, "head");
  assert_string_equal(self->detail, "head");
  self->layout[30] = 2u;
  self->layout[self->layout_size] = 64u; /* one tensor more, cut off in its name: no byte that never came is told */
  self->layout[self->layout_size + 1u] = (uint8_t)'x';
  self->layout_size += 2u;
  fixture_offer(self, 7u, 0u);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  fixture_send_blob(self, self->run_handle, 0u, self->layout, 0u, self->layout_size, 5u);
  expect_refusal(self, self->run_handle, speedwell_RefuseReason_REFUSE_LAYOUT, "x");
  self->layout_size -= 2u; /* and with the right one it goes on */
  fixture_ready(self);
  fixture_free(self);
}

/* SPW-TSK-01 */
static void a_run_without_our_parameters_is_refused(void **state) {
  fixture_t *self = open_device();
  speedwell_ToDevice said = good_offer(self);
  (void)state;
  said.message.run_offer.parameter_count = DOWN_ELEMENTS + 1u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_LAYOUT, "parameters");
  said = good_offer(self);
  self->blobs.role_count = 0u; /* without a layout */
  self->blobs.length_count = 0u;
  self->blobs.crc_count = 0u;
  fixture_say(self, &said);
  expect_refusal(self, 500u, speedwell_RefuseReason_REFUSE_LAYOUT, "parameters");
  fixture_free(self);
}

/* SPW-UPL-06 */
static void an_encoding_too_small_for_the_update_is_refused(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  float base[UP_ELEMENTS - 1];
  spw_delta_t delta = {base, UP_ELEMENTS - 1};
  spw_encoding_t encoding;
  (void)state;
  spw_encoding_delta(&encoding, &delta);
  self->config.encoding = &encoding;
  fixture_start(self);
  fixture_connect(self);
  fixture_offer(self, 7u, 1u);
  expect_refusal(self, self->run_handle, speedwell_RefuseReason_REFUSE_ENCODING, "");
  fixture_free(self);
}

/* SPW-BLB-01, SPW-BLB-03 */
static void a_blob_that_arrived_wrong_is_refused(void **state) {
  fixture_t *self = open_device();
  speedwell_ToServer heard;
  (void)state;
  fixture_offer(self, 7u, 0u);
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  self->run_config[7] ^= 1u;
  fixture_send_blob(self, self->run_handle, 1u, self->run_config, 0u, self->run_config_size, 3u);
  expect_refusal(self, self->run_handle, speedwell_RefuseReason_REFUSE_CHECKSUM, "");
  self->run_config[7] ^= 1u;
  fixture_ready(self);
  fixture_task(self, 1u, 0u);
  self->parameters[100] ^= 1u;
  fixture_download(self);
  expect_refusal(self, self->task_handle, speedwell_RefuseReason_REFUSE_CHECKSUM, "");
  assert_false(spw_client_model_valid(&self->client));
  assert_int_equal(self->trainer.begun, 0u);
  self->parameters[100] ^= 1u; /* the server may offer again */
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_true(spw_client_model_valid(&self->client));
  fixture_free(self);
}

/* SPW-TSK-04 */
static void a_task_that_does_not_fit_is_refused(void **state) {
  fixture_t *self = ready_device();
  speedwell_ToDevice said = good_task(self);
  speedwell_Task *task = &said.message.task;
  (void)state;
  task->run = 499u;
  fixture_say(self, &said);
  expect_refusal(self, 600u, speedwell_RefuseReason_REFUSE_UNKNOWN, "run");
  task->run = self->run_handle;
  task->kind = 33u;
  fixture_say(self, &said);
  expect_refusal(self, 600u, speedwell_RefuseReason_REFUSE_KIND, "");
  task->kind = 1u;
  self->blobs.role_count = 2u;
  self->blobs.role[1] = 19u;
  self->blobs.length_count = 2u;
  self->blobs.length[1] = 4u;
  self->blobs.crc_count = 2u;
  fixture_say(self, &said);
  expect_refusal(self, 600u, speedwell_RefuseReason_REFUSE_ROLE, "");
  self->blobs.role_count = 1u;
  self->blobs.length_count = 1u;
  self->blobs.crc_count = 1u;
  self->blobs.encoding_count = 1u;
  self->blobs.encoding[0] = 2u;
  fixture_say(self, &said);
  expect_refusal(self, 600u, speedwell_RefuseReason_REFUSE_ENCODING, "");
  self->blobs.encoding_count = 0u;
  self->blobs.length[0] -= 4u;
  fixture_say(self, &said);
  expect_refusal(self, 600u, speedwell_RefuseReason_REFUSE_LAYOUT, "parameters");
  fixture_free(self);
}

/* SPW-TSK-05 */
static void the_application_and_the_trainer_may_say_no(void **state) {
  fixture_t *self = ready_device();
  speedwell_ToServer heard;
  (void)state;
  self->denies = true;
  fixture_task(self, 1u, 0u);
  expect_refusal(self, self->task_handle, speedwell_RefuseReason_REFUSE_NOT_NOW, "");
  self->denies = false;
  self->trainer.refuses = true;
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  expect_refusal(self, self->task_handle, speedwell_RefuseReason_REFUSE_TRAINER, "");
  assert_int_equal(self->trainer.finished, 0u);
  self->trainer.refuses = false;
  self->trainer.fails = true;
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  expect_refusal(self, self->task_handle, speedwell_RefuseReason_REFUSE_TRAINER, "");
  assert_int_equal(self->trainer.cause, SPW_CAUSE_FAILED);
  assert_int_equal(self->trainer.finished, 1u);
  self->trainer.fails = false;
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  fixture_free(self);
}

/* Each spoils one thing of a good offer or task, which is then a protocol error. */
/* SPW-TSK-03 */
static void offers_out_of_range_end_the_connection(void **state) {
  (void)state;
  for (uint32_t spoil = 0u; spoil < 9u; ++spoil) {
    fixture_t *self = open_device();
    speedwell_ToDevice said = good_offer(self);
    speedwell_RunOffer *offer = &said.message.run_offer;
    switch (spoil) {
      case 0u:
        offer->handle = 0u;
        break;
      case 1u:
        offer->handle = 0x80000000u;
        break;
      case 2u:
        self->blobs.length_count = 1u;
        break;
      case 3u:
        self->blobs.crc_count = 1u;
        break;
      case 4u:
        self->blobs.encoding_count = 1u;
        self->blobs.encoding[0] = 1u;
        break;
      case 5u:
        self->blobs.length[1] = 0u;
        break;
      case 6u:
        self->blobs.length[1] = 0x80000000u;
        break;
      case 7u:
        self->blobs.role[1] = 1u;
        break;
      default:
        self->blobs.role[1] = 0u;
        break;
    }
    fixture_say(self, &said);
    expect_bye(self);
    assert_int_equal(fixture_events(self, SPW_EVENT_MALFORMED), 1u);
    assert_int_equal(fixture_event_number(self, SPW_EVENT_MALFORMED), 1u);
    fixture_free(self);
  }
}

/* SPW-TSK-03 */
static void tasks_out_of_range_end_the_connection(void **state) {
  (void)state;
  for (uint32_t spoil = 0u; spoil < 4u; ++spoil) {
    fixture_t *self = ready_device();
    speedwell_ToDevice said = good_task(self);
    speedwell_Task *task = &said.message.task;
    switch (spoil) {
      case 0u:
        task->handle = 0u;
        break;
      case 1u:
        self->blobs.length[0] = 0u;
        break;
      case 2u:
        self->blobs.role[0] = 17u;
        break; /* parameters are missing */
      default:
        self->blobs.crc_count = 0u;
        break;
    }
    fixture_say(self, &said);
    expect_bye(self);
    fixture_free(self);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_offer_is_refused_with_the_first_reason),
      cmocka_unit_test(a_layout_that_differs_is_refused_by_name),
      cmocka_unit_test(a_run_without_our_parameters_is_refused),
      cmocka_unit_test(an_encoding_too_small_for_the_update_is_refused),
      cmocka_unit_test(a_blob_that_arrived_wrong_is_refused),
      cmocka_unit_test(a_task_that_does_not_fit_is_refused),
      cmocka_unit_test(the_application_and_the_trainer_may_say_no),
      cmocka_unit_test(offers_out_of_range_end_the_connection),
      cmocka_unit_test(tasks_out_of_range_end_the_connection),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
