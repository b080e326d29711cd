/* What spw_client_init takes and refuses, and the least that does a whole round. */
#include <string.h>

#include "client_internal.h"
#include "fixture.h"
#include "speedwell/encoding.h"

/* SPW-INT-02 */
static void arguments_are_checked(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  spw_client_config_t good = self->config;
  spw_client_t client;
  spw_client_t untouched;
  (void)state;
  (void)memset(&client, 0x5A, sizeof(client));
  (void)memcpy(&untouched, &client, sizeof(client));
  assert_int_equal(spw_client_init(NULL, &good), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_client_init(&client, NULL), SPW_BAD_ARGUMENT);
#define REFUSED(status, change)                                 \
  do {                                                          \
    spw_client_config_t bad = good;                             \
    bad.change;                                                 \
    assert_int_equal(spw_client_init(&client, &bad), (status)); \
  } while (0)
  REFUSED(SPW_BAD_ARGUMENT, size = 8u);
  REFUSED(SPW_BAD_ARGUMENT, device_id = NULL);
  REFUSED(SPW_BAD_ARGUMENT, device_id = "");
  REFUSED(SPW_BAD_ARGUMENT, device_id = "with space");
  REFUSED(SPW_BAD_ARGUMENT, device_id = "0123456789012345678901234567890123");
  REFUSED(SPW_BAD_ARGUMENT, transport = NULL);
  REFUSED(SPW_BAD_ARGUMENT, trainer = NULL);
  REFUSED(SPW_BAD_ARGUMENT, receive_buffer = NULL);
  REFUSED(SPW_BAD_ARGUMENT, send_buffer = NULL);
  REFUSED(SPW_BAD_ARGUMENT, config_buffer = NULL);
  REFUSED(SPW_BAD_ARGUMENT, metrics_buffer = NULL);
  REFUSED(SPW_BAD_ARGUMENT, keep_alive_ms = 0x80000000u);
  REFUSED(SPW_BAD_ARGUMENT, backoff_first_ms = 0x80000000u);
  REFUSED(SPW_BAD_ARGUMENT, backoff_most_ms = 0x80000000u);
  REFUSED(SPW_TOO_SMALL, receive_size = 255u);
  REFUSED(SPW_TOO_SMALL, send_size = 255u);
#undef REFUSED
  self->trainer.trainer.begin = NULL;
  assert_int_equal(spw_client_init(&client, &good), SPW_BAD_ARGUMENT);
  assert_memory_equal(&client, &untouched, sizeof(client));
  fixture_trainer_init(&self->trainer);
  fixture_start(self);
  fixture_free(self);
}

/* SPW-INT-02 */
static void every_callback_is_needed(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  spw_client_t client;
  const spw_transport_t transport = self->transport;
  const spw_trainer_t trainer = self->trainer.trainer;
  float base[UP_ELEMENTS];
  spw_delta_t delta = {base, UP_ELEMENTS};
  spw_encoding_t encoding;
  (void)state;
  spw_encoding_delta(&encoding, &delta);
  const spw_encoding_t good = encoding;
#define REFUSED(whole, good_, change)                                            \
  do {                                                                           \
    (whole) = (good_);                                                           \
    (whole).change;                                                              \
    assert_int_equal(spw_client_init(&client, &self->config), SPW_BAD_ARGUMENT); \
    (whole) = (good_);                                                           \
  } while (0)
  REFUSED(self->transport, transport, open = NULL);
  REFUSED(self->transport, transport, close = NULL);
  REFUSED(self->transport, transport, send = NULL);
  REFUSED(self->transport, transport, receive = NULL);
  REFUSED(self->trainer.trainer, trainer, tensors = NULL);
  REFUSED(self->trainer.trainer, trainer, tensor_count = 0u);
  REFUSED(self->trainer.trainer, trainer, tensor_count = 65536u);
  REFUSED(self->trainer.trainer, trainer, step = NULL);
  REFUSED(self->trainer.trainer, trainer, finish = NULL);
  self->trainer.tensors[1].rule = 4u; /* no such rule */
  assert_int_equal(spw_client_init(&client, &self->config), SPW_BAD_ARGUMENT);
  self->trainer.tensors[1].rule = (uint8_t)SPW_RULE_LOCAL;
  self->trainer.tensors[1].name = NULL;
  assert_int_equal(spw_client_init(&client, &self->config), SPW_BAD_ARGUMENT);
  self->trainer.tensors[1].name = "head";
  self->config.encoding = &encoding;
  REFUSED(encoding, good, id = 0u);
  REFUSED(encoding, good, id = 32u);
  REFUSED(encoding, good, base = NULL);
  REFUSED(encoding, good, element = NULL);
#undef REFUSED
  self->config.device_id = "beyond\x7Fprint";
  assert_int_equal(spw_client_init(&client, &self->config), SPW_BAD_ARGUMENT);
  self->config.device_id = "device-1";
  fixture_start(self);
  fixture_free(self);
}

/* No configuration, no metrics, nobody who listens or is asked. */
/* SPW-INT-03 */
static void the_least_configuration_does_a_round(void **state) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  uint8_t bytes[4 * UP_ELEMENTS];
  speedwell_ToServer heard;
  (void)state;
  self->config.config_buffer = NULL;
  self->config.config_size = 0u;
  self->config.metrics_buffer = NULL;
  self->config.metrics_size = 0u;
  self->config.on_event = NULL;
  self->config.may_train = NULL;
  fixture_start(self);
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  assert_int_equal(heard.message.hello.roles, (1u << 1) | (1u << 16) | (1u << 17));
  fixture_cut(self);
  fixture_connect(self);
  fixture_offer(self, 7u, 0u);
  fixture_expect(self, speedwell_ToServer_refuse_tag, &heard); /* a run with a configuration */
  assert_int_equal(heard.message.refuse.reason, speedwell_RefuseReason_REFUSE_ROLE);
  self->run_config_size = 0u;
  fixture_ready(self);
  fixture_task(self, 1u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
  assert_int_equal(self->heard_blobs.role_count, 1u);
  fixture_grant(self, 0u, 0u, sizeof(bytes));
  assert_int_equal(fixture_collect(self, 0u, 0u, bytes), sizeof(bytes));
  fixture_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, 0u);
  fixture_small(self, speedwell_ToDevice_committed_tag, self->task_handle, 1u);
  assert_int_equal(self->event_count, 0u);
  fixture_free(self);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arguments_are_checked),
      cmocka_unit_test(every_callback_is_needed),
      cmocka_unit_test(the_least_configuration_does_a_round),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
