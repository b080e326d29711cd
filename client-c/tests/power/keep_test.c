/* The keeper beside a scripted server: what is kept, when it is written, and what becomes of it after a reboot. */
#include "speedwell/keep.h"

#include <string.h>

#include "fixture.h"
#include "layout.h"

enum { CARRIED = 6, RECORD_MOST = 256 };

/* A store in memory. */
typedef struct {
  spw_store_t store;
  uint8_t record[RECORD_MOST];
  uint32_t size;
  uint32_t begun;  /* writes */
  uint32_t polled; /* since the last write was begun */
  uint32_t latency;
  int32_t refusal; /* what write returns, if it is not 1 */
  int32_t outcome; /* what the job comes to */
  const uint8_t *mirror;
  uint8_t copy[RECORD_MOST];
  uint32_t job;
  int32_t lie; /* bytes that read says it put, beyond what it did */
} memory_t;

typedef struct {
  fixture_t *device;
  spw_keep_t keep;
  spw_keep_config_t config;
  memory_t memory;
  uint8_t mirror[RECORD_MOST];
  uint8_t carried[CARRIED];
  uint8_t committed[CARRIED];
  float base[UP_ELEMENTS];
  spw_delta_t delta;
  spw_encoding_t encoding;
} board_t;

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
  board_t *board = device->keeper;
  return spw_keep_step(&board->keep, device->now, device->slices);
}

static void heard(fixture_t *device, const spw_event_t *event) {
  board_t *board = device->keeper;
  spw_keep_event(&board->keep, event);
}

static board_t board; /* one at a time */

static void start(void) {
  fixture_t *device = board.device;
  assert_int_equal(spw_keep_open(&board.keep, &board.config), SPW_OK);
  device->config.seed = spw_keep_seed(&board.keep, 42u);
  (void)memset(&device->client, 0xA5, sizeof(device->client)); /* what memory holds after a reset */
  fixture_start(device);
  assert_int_equal(spw_keep_attach(&board.keep, &device->client), SPW_OK);
}

static void switch_on(bool retained, uint32_t carried_size) {
  const spw_store_t store = {&board.memory, store_read, store_write, store_poll};
  (void)memset(&board, 0, sizeof(board));
  board.memory.store = store;
  board.memory.refusal = 1;
  board.memory.outcome = 1;
  board.device = fixture_new(SPW_FRAME_MIN);
  board.device->keeper = &board;
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

/* Power off and on: the client's and the keeper's memory is lost, the link breaks. */
static void reboot(void) {
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

static void switch_off(void) {
  fixture_free(board.device);
}

/* Connects, and takes the run and the first task up to its Result. */
static uint32_t train(uint32_t encoding) {
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

/* Comes back after a reboot; what the device says to its task. */
static void come_back(uint64_t run, uint32_t encoding, uint32_t round, speedwell_ToServer *said) {
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

/* From the Grant on: both blobs, accepted, committed. */
static void upload(uint32_t from) {
  fixture_t *device = board.device;
  uint8_t bytes[4 * UP_ELEMENTS];
  const uint32_t metrics = device->heard_blobs.length[1];
  fixture_grant(device, 0u, from, (4u * UP_ELEMENTS) - from);
  assert_int_equal(fixture_collect(device, 0u, from, bytes), 4u * UP_ELEMENTS);
  fixture_grant(device, 1u, 0u, metrics);
  assert_int_equal(fixture_collect(device, 1u, 0u, bytes), metrics);
  fixture_small(device, speedwell_ToDevice_accepted_tag, device->task_handle, 0u);
}

static void commit(uint32_t round) {
  fixture_small(board.device, speedwell_ToDevice_committed_tag, board.device->task_handle, round);
}

/* SPW-PWR-06 */
static void every_boot_is_kept_before_anything_is_done(void **state) {
  (void)state;
  switch_on(false, 0u);
  fixture_t *device = board.device;
  board.memory.latency = 5u;
  assert_int_equal(spw_keep_boots(&board.keep), 1u);
  for (uint32_t i = 0u; i < 6u; ++i) {
    fixture_step(device);
    assert_int_equal(device->opened_times, 0u);
    assert_false(device->wish.read || device->wish.write || device->wish.cpu);
    assert_int_equal(device->wish.wake_at_ms, device->now + 1u);
  }
  fixture_step(device);
  assert_int_equal(device->opened_times, 1u);
  assert_int_equal(board.memory.begun, 1u);
  reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 2u);
  reboot(); /* the second boot never got so far as to be kept */
  assert_int_equal(spw_keep_boots(&board.keep), 2u);
  assert_true(spw_keep_flush(&board.keep) == false);
  while (!spw_keep_flush(&board.keep)) {
  }
  reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 3u);
  switch_off();
}

/* SPW-PWR-06 */
static void every_boot_has_its_own_seed(void **state) {
  (void)state;
  uint64_t seeds[64];
  switch_on(false, 0u);
  for (uint32_t boot = 0u; boot < 64u; ++boot) {
    seeds[boot] = spw_keep_seed(&board.keep, 42u);
    assert_int_equal(seeds[boot], board.device->config.seed);
    for (uint32_t other = 0u; other < boot; ++other) {
      assert_true(seeds[other] != seeds[boot]);
    }
    while (!spw_keep_flush(&board.keep)) {
    }
    reboot();
  }
  switch_off();
}

/* Rounds with all that may happen in one, and how often the store was written to. */
static uint32_t writes_of_rounds(bool retained, uint32_t rounds) {
  switch_on(retained, CARRIED);
  fixture_t *device = board.device;
  speedwell_ToServer said;
  (void)train(0u);
  const uint32_t before = board.memory.begun - (retained ? 1u : 0u);
  for (uint32_t round = 1u; round <= rounds; ++round) {
    fixture_cut(device); /* a lost link in each */
    come_back(7u, 0u, round, &said);
    assert_int_equal(said.which_message, speedwell_ToServer_result_tag);
    upload(0u);
    commit(round);
    fixture_task_of_kind(device, (uint32_t)SPW_KIND_EVALUATE, round + 100u, 0u); /* an evaluation */
    fixture_download(device);
    fixture_expect(device, speedwell_ToServer_result_tag, &said);
    fixture_task(device, round + 1u, 0u); /* the next training */
    if (round < rounds) {
      fixture_download(device);
      fixture_expect(device, speedwell_ToServer_result_tag, &said);
    } else {
      fixture_expect(device, speedwell_ToServer_grant_tag, &said);
      fixture_small(device, speedwell_ToDevice_cancel_tag, device->task_handle, 1u); /* one that is cancelled */
    }
    assert_int_equal(spw_keep_round(&board.keep), round);
    assert_int_equal(spw_keep_run(&board.keep), 7u);
  }
  const uint32_t writes = board.memory.begun - before;
  switch_off();
  return writes;
}

/* SPW-PWR-10 */
static void a_round_costs_one_write_or_two(void **state) {
  (void)state;
  assert_int_equal(writes_of_rounds(false, 5u), 5u);
  assert_int_equal(writes_of_rounds(true, 5u), 10u);
}

/* Wherever the upload was, plain and as differences. SPW-PWR-08 */
static void an_upload_goes_on_after_a_reboot(void **state) {
  (void)state;
  for (uint32_t encoding = 0u; encoding < 2u; ++encoding) {
    for (uint32_t at = 0u; at <= (4u * UP_ELEMENTS); at += 43u) {
      speedwell_ToServer said;
      uint8_t first[4 * UP_ELEMENTS];
      uint8_t again[4 * UP_ELEMENTS];
      switch_on(true, 0u);
      fixture_t *device = board.device;
      const uint32_t update_id = train(encoding);
      const blobs_t blobs = device->heard_blobs;
      fixture_grant(device, 0u, 0u, at);
      assert_int_equal(fixture_collect(device, 0u, 0u, first), at);
      reboot();
      assert_false(spw_keep_resumed(&board.keep));
      come_back(7u, encoding, 1u, &said);
      assert_true(spw_keep_resumed(&board.keep));
      assert_int_equal(said.which_message, speedwell_ToServer_result_tag);
      fixture_take_lists(device, &said.message.result);
      assert_int_equal(said.message.result.update_id, update_id);
      assert_memory_equal(&device->heard_blobs, &blobs, sizeof(blobs));
      assert_int_equal(said.message.result.cause, SPW_CAUSE_DONE);
      assert_int_equal(said.message.result.examples_held, 100u);
      assert_int_equal(said.message.result.examples_used, 50u);
      assert_int_equal(said.message.result.steps, 5u);
      assert_true(said.message.result.work_norm == 5.0f);
      assert_true((said.message.result.loss_before == 2.5f) && (said.message.result.loss_after == 1.25f));
      fixture_grant(device, 0u, 0u, sizeof(again));
      assert_int_equal(fixture_collect(device, 0u, 0u, again), sizeof(again));
      assert_memory_equal(again, first, at); /* the same bytes */
      assert_int_equal(fixture_crc(7u, 17u, encoding, 1u, update_id, again, sizeof(again)), blobs.crc[0]);
      fixture_grant(device, 1u, 0u, blobs.length[1]);
      assert_int_equal(fixture_collect(device, 1u, 0u, again), blobs.length[1]);
      fixture_small(device, speedwell_ToDevice_accepted_tag, device->task_handle, update_id);
      commit(1u);
      assert_int_equal(device->trainer.begun, 0u); /* nothing was trained again */
      assert_int_equal(spw_keep_round(&board.keep), 1u);
      reboot(); /* and it is over */
      fixture_connect(device);
      assert_false(spw_keep_resumed(&board.keep));
      switch_off();
    }
  }
}

typedef void (*damage_t)(void);

static void nothing(void) {
}
static void a_weight(void) {
  board.device->trainer.weight[17] += 0.125f;
}
static void the_last_element(void) {
  board.device->trainer.bias[2] += 1.0f;
}
static void a_metric(void) {
  board.device->config.metrics_buffer[3] ^= 1u;
}
static void the_config(void) {
  board.device->config.config_buffer[1] ^= 1u;
}
static void the_base(void) {
  board.base[UP_ELEMENTS - 1] += 1.0f;
}
static void the_encoding(void) {
  board.device->config.encoding = NULL;
}
static void another_encoding(void) {
  board.encoding.id = 9u;
}
static void room_in_the_encoding(void) {
  board.encoding.capacity = UP_ELEMENTS - 1u;
}
static void room_for_metrics(void) {
  board.device->config.metrics_size = 4u;
}
static void room_for_config(void) {
  board.device->config.config_size = 4u;
}
static void the_record(void) {
  board.memory.size = 0u;
}
static void half_the_record(void) {
  board.memory.size = 52u;
}
static void its_schema(void) {
  board.memory.record[0] ^= 2u;
}
static void its_family(void) {
  board.memory.record[3] ^= 2u;
}
static void a_name_in_the_layout(void) {
  board.device->trainer.tensors[3].name = "layer.offset";
}
static void the_wish(void) {
  board.config.retained = false;
}

/* Whatever is lost or changed while the power is off: nothing of the old update is sent, and another boot is counted.
 */
/* SPW-PWR-08 */
static void what_did_not_survive_is_trained_again(void **state) {
  static const struct {
    damage_t damage;
    uint32_t encoding;
    uint32_t boots; /* known after it */
    bool resumes;
    bool fits; /* the run is still one for this device */
  } cases[] = {
      {nothing, 0u, 2u, true, true},
      {nothing, 1u, 2u, true, true},
      {a_weight, 0u, 2u, false, true},
      {a_weight, 1u, 2u, false, true},
      {the_last_element, 0u, 2u, false, true},
      {a_metric, 0u, 2u, false, true},
      {the_config, 0u, 2u, false, true},
      {the_base, 1u, 2u, false, true},
      {the_base, 0u, 2u, true, true},
      {the_encoding, 1u, 2u, false, false},
      {another_encoding, 1u, 2u, false, false},
      {room_in_the_encoding, 1u, 2u, false, false},
      {room_for_metrics, 0u, 2u, false, false},
      {room_for_config, 0u, 2u, false, false},
      {the_record, 0u, 1u, false, true},
      {half_the_record, 0u, 1u, false, true},
      {its_schema, 0u, 2u, false, true},
      {its_family, 0u, 1u, false, true},
      {a_name_in_the_layout, 0u, 2u, false, false},
      {the_wish, 0u, 2u, false, true},
  };
  (void)state;
  for (uint32_t i = 0u; i < (sizeof(cases) / sizeof(cases[0])); ++i) {
    speedwell_ToServer said;
    switch_on(true, 0u);
    fixture_t *device = board.device;
    const uint32_t update_id = train(cases[i].encoding);
    const uint32_t metrics = device->heard_blobs.length[1];
    cases[i].damage();
    reboot();
    assert_int_equal(spw_keep_boots(&board.keep), cases[i].boots);
    fixture_connect(device);
    assert_int_equal(spw_keep_resumed(&board.keep), cases[i].resumes);
    if (cases[i].fits) {
      fixture_cut(device);
      come_back(7u, cases[i].encoding, 1u, &said);
      assert_int_equal(said.which_message,
                       cases[i].resumes ? speedwell_ToServer_result_tag : speedwell_ToServer_grant_tag);
      if (!cases[i].resumes) {
        assert_int_equal(said.message.grant.offset, 0u);
        fixture_send_blob(device, device->task_handle, 0u, device->parameters, 0u, sizeof(device->parameters), 60u);
        fixture_expect(device, speedwell_ToServer_result_tag, &said);
        assert_int_equal(device->trainer.begun, 1u);
      }
      assert_int_equal(said.message.result.update_id == update_id, cases[i].resumes);
      upload(0u);
      commit(1u);
      assert_int_equal(spw_keep_round(&board.keep), 1u);
    }
    assert_true(metrics > 4u);
    switch_off();
  }
}

/* SPW-PWR-08 */
static void another_task_or_run_drops_the_kept_update(void **state) {
  static const struct {
    uint64_t run;
    uint32_t encoding;
    uint32_t round;
  } offers[] = {{7u, 0u, 2u}, {8u, 0u, 1u}, {7u, 1u, 1u}};
  (void)state;
  for (uint32_t i = 0u; i < 3u; ++i) {
    speedwell_ToServer said;
    switch_on(true, 0u);
    (void)train(0u);
    reboot();
    come_back(offers[i].run, offers[i].encoding, offers[i].round, &said);
    assert_true(spw_keep_resumed(&board.keep));
    assert_int_equal(said.which_message, speedwell_ToServer_grant_tag); /* of the parameters: it begins anew */
    switch_off();
  }
}

enum { ELEMENTS = 600 };

/* The board with a model of one tensor, and a kept update of it. */
static void keep_large_update(float *values) {
  static spw_tensor_t tensor;
  const spw_tensor_t large = SPW_VECTOR("large", values, ELEMENTS);
  spw_trainer_t *trainer = &board.device->trainer.trainer;
  tensor = large;
  trainer->tensors = &tensor;
  trainer->tensor_count = 1u;
  for (uint32_t i = 0u; i < (uint32_t)ELEMENTS; ++i) {
    values[i] = (float)i;
  }
  spw_kept_t kept;
  (void)memcpy(&kept, board.memory.record, sizeof(kept)); /* of the boot */
  kept.layout_crc = spw_layout_crc(trainer);
  kept.run = 7u;
  kept.round = 1u;
  kept.update_id = 99u;
  kept.update_crc = fixture_crc(7u, 17u, 0u, 1u, 99u, (const uint8_t *)values, 4u * ELEMENTS);
  kept.metrics_crc = fixture_crc(7u, 18u, 0u, 1u, 99u, NULL, 0u);
  kept.held = 1u;
  (void)memcpy(board.memory.record, &kept, sizeof(kept));
}

/* Proving is work in slices, before the stream is opened; the boot is kept meanwhile. SPW-PWR-14 */
static void proving_is_done_in_slices(void **state) {
  static float values[ELEMENTS];
  (void)state;
  for (uint32_t way = 0u; way < 8u; ++way) {
    switch_on(true, 0u);
    fixture_t *device = board.device;
    while (!spw_keep_flush(&board.keep)) {
    }
    keep_large_update(values);
    const bool whole = ((way % 2u) == 0u);
    values[ELEMENTS - 1] += whole ? 0.0f : 1.0f;
    reboot();
    device->slices = ((way / 2u) % 2u) + 1u;
    board.memory.latency = (way < 4u) ? 0u : 5u; /* the boot is kept before, or after */
    uint32_t steps = 0u;
    while (device->opened_times == 0u) {
      fixture_step(device);
      ++steps;
      if (device->opened_times == 0u) {
        const uint32_t proved = 1024u * steps * device->slices;
        assert_int_equal(board.keep.proved, (proved < 2400u) ? proved : 2400u);
        assert_int_equal(device->wish.cpu, (steps * device->slices) < 3u);
      }
      assert_true(steps < 20u);
    }
    const uint32_t proving = (device->slices == 1u) ? 3u : 2u; /* 2,400 bytes, and the last slice opens the way */
    assert_int_equal(steps, (way < 4u) ? proving : 7u);
    assert_int_equal(spw_keep_resumed(&board.keep), whole);
    device->trainer.trainer.tensors = device->trainer.tensors;
    device->trainer.trainer.tensor_count = 4u;
    switch_off();
  }
}

/* SPW-PWR-08 */
static void no_config_no_metrics_and_no_update_are_kept_too(void **state) {
  (void)state;
  speedwell_ToServer said;
  switch_on(true, 0u);
  fixture_t *device = board.device;
  device->run_config_size = 0u;
  device->trainer.metrics = 0u;
  device->trainer.tensors[0].rule = (uint8_t)SPW_RULE_FROZEN; /* nothing goes up */
  device->trainer.tensors[3].rule = (uint8_t)SPW_RULE_FROZEN;
  device->layout[14] = (uint8_t)SPW_RULE_FROZEN;
  device->layout[64] = (uint8_t)SPW_RULE_FROZEN;
  reboot();
  const uint32_t update_id = train(0u);
  assert_int_equal(device->heard_blobs.role_count, 0u);
  reboot();
  come_back(7u, 0u, 1u, &said);
  assert_int_equal(said.which_message, speedwell_ToServer_result_tag);
  assert_int_equal(said.message.result.update_id, update_id);
  switch_off();
}

static void carry(uint8_t value) {
  (void)memset(board.carried, value, CARRIED);
}

static void expect_carried(uint8_t value) {
  for (uint32_t i = 0u; i < (uint32_t)CARRIED; ++i) {
    assert_int_equal(board.carried[i], value);
    assert_int_equal(board.committed[i], value);
  }
}

/* At every point of a round the power may fail: what is carried is what it was at the last commit that was heard.
 * SPW-PWR-07 */
static void what_is_carried_advances_at_committed_only(void **state) {
  (void)state;
  for (uint32_t point = 0u; point < 5u; ++point) {
    switch_on(point >= 3u, CARRIED);
    carry(1u);
    reboot(); /* nothing is kept yet: what the application brings is what it begins with */
    expect_carried(1u);
    (void)train(0u);
    carry(2u);
    upload(0u);
    commit(1u);
    carry(3u);
    if (point >= 1u) {
      fixture_task(board.device, 2u, 0u);
      fixture_download(board.device);
      carry(4u);
    }
    if (point >= 2u) {
      speedwell_ToServer said;
      fixture_expect(board.device, speedwell_ToServer_result_tag, &said);
      upload(0u); /* accepted, not committed */
      carry(5u);
    }
    if (point == 4u) {
      spw_keep_rewind(&board.keep); /* another task begins */
      expect_carried(2u);
      carry(6u);
    }
    while (!spw_keep_flush(&board.keep)) {
    }
    carry((point < 4u) ? 9u : 6u);
    (void)memset(board.committed, 0xEE, CARRIED);
    reboot();
    expect_carried(2u);
    assert_int_equal(spw_keep_round(&board.keep), 1u);
    switch_off();
  }
}

/* SPW-PWR-06, SPW-PWR-08 */
static void another_firmware_keeps_what_still_means_something(void **state) {
  (void)state;
  /* Another layout, or another size of what is carried: the application's bytes are taken as they stand. */
  for (uint32_t way = 0u; way < 4u; ++way) {
    switch_on(true, CARRIED);
    carry(2u);
    (void)train(0u);
    upload(0u);
    commit(1u);
    while (!spw_keep_flush(&board.keep)) {
    }
    if (way == 0u) {
      board.device->trainer.tensors[0].name = "layer.width";
    } else if (way == 1u) {
      board.config.carried_size = CARRIED - 1u;
    } else if (way == 2u) {
      board.config.carried_size = 0u;
    } else {
      board.memory.size -= 1u; /* a record shorter than it says */
    }
    carry(7u);
    reboot();
    assert_int_equal(spw_keep_boots(&board.keep), 2u);
    assert_int_equal(spw_keep_round(&board.keep), 1u);
    assert_int_equal(board.carried[0], 7u);
    if (way != 2u) {
      assert_int_equal(board.committed[0], 7u);
    }
    spw_keep_rewind(&board.keep);
    assert_int_equal(board.carried[0], 7u);
    switch_off();
  }
}

/* A store that fails or is worn is told of; the client works as without a keeper. SPW-PWR-11 */
static void a_store_that_fails_is_no_harm(void **state) {
  static const int32_t troubles[] = {SPW_STORE_FAILED, SPW_STORE_WORN};
  (void)state;
  for (uint32_t i = 0u; i < 4u; ++i) {
    const int32_t trouble = troubles[i % 2u];
    switch_on(true, 0u);
    assert_int_equal(spw_keep_trouble(&board.keep), 0);
    if (i < 2u) {
      board.memory.refusal = trouble;
    } else {
      board.memory.outcome = trouble;
    }
    (void)train(0u);
    assert_int_equal(spw_keep_trouble(&board.keep), trouble);
    upload(0u);
    commit(1u);
    assert_true(spw_keep_flush(&board.keep));
    const uint32_t begun = board.memory.begun;
    fixture_pass(board.device, 30000u);
    assert_int_equal(board.memory.begun, begun); /* it is not tried again and again */
    board.memory.refusal = 1;
    board.memory.outcome = 1;
    fixture_task(board.device, 2u, 0u);
    fixture_download(board.device);
    assert_true(spw_keep_flush(&board.keep));
    assert_int_equal(spw_keep_trouble(&board.keep), 0); /* all of it went along */
    reboot();
    assert_int_equal(spw_keep_round(&board.keep), 1u);
    assert_int_equal(spw_keep_boots(&board.keep), 2u);
    board.memory.outcome = trouble;
    reboot(); /* nor can it be read */
    assert_int_equal(spw_keep_trouble(&board.keep), SPW_STORE_FAILED);
    assert_int_equal(spw_keep_boots(&board.keep), 1u);
    board.memory.outcome = 1;
    fixture_connect(board.device);
    switch_off();
  }
}

/* A store that is busy for others: the write waits, and the client is stepped again soon. SPW-PWR-11 */
static void a_store_that_is_busy_is_asked_again(void **state) {
  (void)state;
  switch_on(false, 0u);
  (void)train(0u);
  upload(0u);
  fixture_t *device = board.device;
  const uint32_t begun = board.memory.begun;
  board.memory.refusal = 0;
  commit(1u);
  assert_int_equal(board.memory.begun, begun);
  assert_int_equal(device->wish.wake_at_ms, device->now + 1u);
  board.memory.refusal = 1;
  board.memory.latency = 2u;
  ++device->now;
  fixture_step(device);
  assert_int_equal(board.memory.begun, begun + 1u);
  assert_int_equal(device->wish.wake_at_ms, device->now + 1u);
  spw_event_t again = {SPW_EVENT_COMMITTED, 2u, {NULL, 0u}};
  spw_keep_event(&board.keep, &again); /* another change meanwhile: it is the next write */
  assert_false(spw_keep_flush(&board.keep));
  assert_false(spw_keep_flush(&board.keep));
  assert_int_equal(board.memory.begun, begun + 1u);
  assert_false(spw_keep_flush(&board.keep));
  assert_int_equal(board.memory.begun, begun + 2u);
  board.memory.latency = 9u;
  device->now += 59998u; /* a KeepAlive is due in a millisecond: no earlier wish is needed */
  fixture_step(device);
  fixture_step(device);
  assert_true(board.keep.saving);
  assert_true((device->wish.wake_at_ms - device->now) <= 1u);
  board.memory.latency = 0u;
  assert_true(spw_keep_flush(&board.keep));
  ++device->now;
  fixture_step(device);
  assert_true((device->wish.wake_at_ms - device->now) > 1u);
  assert_int_equal(spw_keep_round(&board.keep), 2u);
  switch_off();
}

/* SPW-PWR-06, SPW-PWR-11 */
static void a_store_that_is_busy_at_the_start_is_waited_for(void **state) {
  (void)state;
  switch_on(false, 0u);
  fixture_t *device = board.device;
  board.memory.refusal = 0;
  for (uint32_t i = 0u; i < 5u; ++i) {
    fixture_step(device);
    assert_int_equal(device->opened_times, 0u);
    assert_int_equal(device->wish.wake_at_ms, device->now + 1u);
  }
  board.memory.refusal = 1;
  fixture_connect(device);
  assert_int_equal(board.memory.begun, 1u);
  switch_off();
}

/* SPW-PWR-11 */
static void a_store_that_lies_is_not_believed(void **state) {
  (void)state;
  switch_on(false, 0u);
  while (!spw_keep_flush(&board.keep)) {
  }
  board.memory.lie = 1;
  reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 1u);
  board.memory.lie = 0;
  fixture_connect(board.device);
  switch_off();
}

/* SPW-PWR-06 */
static void boots_stop_at_the_last_number(void **state) {
  (void)state;
  switch_on(false, 0u);
  while (!spw_keep_flush(&board.keep)) {
  }
  (void)memset(&board.memory.record[4], 0xFF, 4u);
  reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 0xFFFFFFFFu);
  switch_off();
}

static void expect_refused(spw_status_t status) {
  const spw_keep_config_t good = {sizeof(good), &board.memory.store, board.mirror,    RECORD_MOST,
                                  true,         board.carried,       board.committed, CARRIED};
  assert_int_equal(spw_keep_open(&board.keep, &board.config), status);
  board.config = good;
  board.memory.store.read = store_read;
  board.memory.store.write = store_write;
  board.memory.store.poll = store_poll;
}

/* SPW-PWR-11 */
static void what_breaks_a_rule_is_refused(void **state) {
  (void)state;
  switch_on(true, CARRIED);
  assert_int_equal(spw_keep_open(NULL, &board.config), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_keep_open(&board.keep, NULL), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_keep_attach(NULL, &board.device->client), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_keep_attach(&board.keep, NULL), SPW_BAD_ARGUMENT);
  board.config.size = 8u, expect_refused(SPW_BAD_ARGUMENT);
  board.config.store = NULL, expect_refused(SPW_BAD_ARGUMENT);
  board.config.mirror = NULL, expect_refused(SPW_BAD_ARGUMENT);
  board.config.carried = NULL, expect_refused(SPW_BAD_ARGUMENT);
  board.config.committed = NULL, expect_refused(SPW_BAD_ARGUMENT);
  board.config.carried_size = 0x80000000u, expect_refused(SPW_BAD_ARGUMENT);
  board.memory.store.read = NULL, expect_refused(SPW_BAD_ARGUMENT);
  board.memory.store.write = NULL, expect_refused(SPW_BAD_ARGUMENT);
  board.memory.store.poll = NULL, expect_refused(SPW_BAD_ARGUMENT);
  board.config.mirror_size = SPW_KEEP_BYTES - 1u, expect_refused(SPW_TOO_SMALL);
  board.config.mirror_size = SPW_KEEP_BYTES + CARRIED - 1u, expect_refused(SPW_TOO_SMALL);
  board.config.mirror_size = SPW_KEEP_BYTES + CARRIED, expect_refused(SPW_OK);
  reboot();
  switch_off();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_boot_is_kept_before_anything_is_done),
      cmocka_unit_test(every_boot_has_its_own_seed),
      cmocka_unit_test(a_round_costs_one_write_or_two),
      cmocka_unit_test(an_upload_goes_on_after_a_reboot),
      cmocka_unit_test(what_did_not_survive_is_trained_again),
      cmocka_unit_test(another_task_or_run_drops_the_kept_update),
      cmocka_unit_test(proving_is_done_in_slices),
      cmocka_unit_test(no_config_no_metrics_and_no_update_are_kept_too),
      cmocka_unit_test(what_is_carried_advances_at_committed_only),
      cmocka_unit_test(another_firmware_keeps_what_still_means_something),
      cmocka_unit_test(a_store_that_fails_is_no_harm),
      cmocka_unit_test(a_store_that_is_busy_is_asked_again),
      cmocka_unit_test(a_store_that_is_busy_at_the_start_is_waited_for),
      cmocka_unit_test(a_store_that_lies_is_not_believed),
      cmocka_unit_test(boots_stop_at_the_last_number),
      cmocka_unit_test(what_breaks_a_rule_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
