#include "board.h"

#include <string.h>

static int32_t store_read(void *context, uint8_t *bytes, uint32_t capacity) {
  const memory_t *self = context;
  const uint32_t size = (self->size < capacity) ? self->size : capacity;
  (void)memcpy(bytes, self->record, size);
  return (self->outcome < 0) ? self->outcome : ((int32_t)size + self->lie);
}

static int32_t store_write(void *context, const uint8_t *bytes, uint32_t size) {
  memory_t *self = context;
  assert_true((size >= 1u) && (size <= (uint32_t)RECORD_MOST));
  if (self->refusal != 1) {
    return self->refusal;
  }
  assert_int_equal(self->job, 0u);
  self->mirror = bytes;
  (void)memcpy(self->copy, bytes, size);
  self->job = size;
  self->polled = 0u;
  ++self->begun;
  return 1;
}

static int32_t store_poll(void *context) {
  memory_t *self = context;
  if (self->job == 0u) {
    return 1;
  }
  if (self->polled < self->latency) {
    ++self->polled;
    return 0;
  }
  assert_memory_equal(self->mirror, self->copy, self->job); /* stable until the job ends */
  if (self->outcome > 0) {
    (void)memcpy(self->record, self->copy, self->job);
    self->size = self->job;
  }
  self->job = 0u;
  return self->outcome;
}

static spw_wish_t step(fixture_t *device) {
  return spw_keep_step(&board.keep, device->now, device->slices);
}

static void heard(fixture_t *device, const spw_event_t *event) {
  (void)device;
  spw_keep_event(&board.keep, event);
}

board_t board;

static void start(void) {
  fixture_t *device = board.device;
  assert_int_equal(spw_keep_open(&board.keep, &board.config), SPW_OK);
  device->config.seed = spw_keep_seed(&board.keep, 42u);
  (void)memset(&device->client, 0xA5, sizeof(device->client)); /* what memory holds after a reset */
  fixture_start(device);
  assert_int_equal(spw_keep_attach(&board.keep, &device->client), SPW_OK);
}

void board_on(bool retained, uint32_t carried_size) {
  const spw_store_t store = {&board.memory, store_read, store_write, store_poll};
  (void)memset(&board, 0, sizeof(board));
  board.memory.store = store;
  board.memory.refusal = 1;
  board.memory.outcome = 1;
  board.device = fixture_new(SPW_FRAME_MIN);
  board.device->steps_with = step;
  board.device->hears_too = heard;
  board.device->trainer.metrics = 1u;
  const spw_keep_config_t config = {sizeof(config), &board.memory.store, board.mirror,    RECORD_MOST,
                                    retained,       board.carried,       board.committed, carried_size};
  board.config = config;
  board.delta.base = board.base;
  board.delta.capacity = UP_ELEMENTS;
  spw_encoding_delta(&board.encoding, &board.delta);
  board.device->config.encoding = &board.encoding;
  start();
}

void board_reboot(void) {
  fixture_t *device = board.device;
  device->opened = false;
  device->trainer.begun = 0u;
  device->trainer.finished = 0u;
  device->event_count = 0u;
  board.memory.job = 0u;
  (void)memset(&board.keep, 0xA5, sizeof(board.keep));
  (void)memset(board.mirror, 0xA5, sizeof(board.mirror));
  start();
}

void board_off(void) {
  fixture_free(board.device);
}

uint32_t board_train(uint32_t encoding) {
  fixture_t *device = board.device;
  speedwell_ToServer said;
  fixture_connect(device);
  fixture_offer(device, 7u, encoding);
  assert_true(fixture_hear(device, &said));
  if (said.which_message == speedwell_ToServer_grant_tag) {
    fixture_send_blob(device, device->run_handle, 1u, device->run_config, 0u, device->run_config_size, 8u);
    assert_true(fixture_hear(device, &said));
  }
  assert_int_equal(said.which_message, speedwell_ToServer_run_ready_tag);
  fixture_task(device, 1u, 0u);
  fixture_download(device);
  fixture_expect(device, speedwell_ToServer_result_tag, &said);
  return said.message.result.update_id;
}

void board_come_back(uint64_t run, uint32_t encoding, uint32_t round, speedwell_ToServer *said) {
  fixture_t *device = board.device;
  fixture_connect(device);
  fixture_offer(device, run, encoding);
  assert_true(fixture_hear(device, said));
  if (said->which_message == speedwell_ToServer_grant_tag) {
    fixture_send_blob(device, device->run_handle, 1u, device->run_config, 0u, device->run_config_size, 8u);
    assert_true(fixture_hear(device, said));
  }
  assert_int_equal(said->which_message, speedwell_ToServer_run_ready_tag);
  fixture_task(device, round, 0u);
  assert_true(fixture_hear(device, said));
}

void board_upload(uint32_t from) {
  fixture_t *device = board.device;
  uint8_t bytes[4 * UP_ELEMENTS];
  const uint32_t metrics = device->heard_blobs.length[1];
  fixture_grant(device, 0u, from, (4u * UP_ELEMENTS) - from);
  assert_int_equal(fixture_collect(device, 0u, from, bytes), 4u * UP_ELEMENTS);
  fixture_grant(device, 1u, 0u, metrics);
  assert_int_equal(fixture_collect(device, 1u, 0u, bytes), metrics);
  fixture_small(device, speedwell_ToDevice_accepted_tag, device->task_handle, 0u);
}

void board_commit(uint32_t round) {
  fixture_small(board.device, speedwell_ToDevice_committed_tag, board.device->task_handle, round);
}
