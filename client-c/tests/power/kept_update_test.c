/* A finished update across a reboot: what becomes of it, whatever has survived. */
#include <string.h>

#include "board.h"
#include "layout.h"

/* Wherever the upload was, plain and as differences. SPW-PWR-08 */
static void an_upload_goes_on_after_a_reboot(void **state) {
  (void)state;
  for (uint32_t encoding = 0u; encoding < 2u; ++encoding) {
    for (uint32_t at = 0u; at <= (4u * UP_ELEMENTS); at += 43u) {
      speedwell_ToServer said;
      uint8_t first[4 * UP_ELEMENTS];
      uint8_t again[4 * UP_ELEMENTS];
      board_on(true, 0u);
      fixture_t *device = board.device;
      const uint32_t update_id = board_train(encoding);
      const blobs_t blobs = device->heard_blobs;
      fixture_grant(device, 0u, 0u, at);
      assert_int_equal(fixture_collect(device, 0u, 0u, first), at);
      board_reboot();
      assert_false(spw_keep_resumed(&board.keep));
      board_come_back(7u, encoding, 1u, &said);
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
      board_commit(1u);
      assert_int_equal(device->trainer.begun, 0u); /* nothing was trained again */
      assert_int_equal(spw_keep_round(&board.keep), 1u);
      board_reboot(); /* and it is over */
      fixture_connect(device);
      assert_false(spw_keep_resumed(&board.keep));
      board_off();
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
    board_on(true, 0u);
    fixture_t *device = board.device;
    const uint32_t update_id = board_train(cases[i].encoding);
    const uint32_t metrics = device->heard_blobs.length[1];
    cases[i].damage();
    board_reboot();
    assert_int_equal(spw_keep_boots(&board.keep), cases[i].boots);
    fixture_connect(device);
    assert_int_equal(spw_keep_resumed(&board.keep), cases[i].resumes);
    if (cases[i].fits) {
      fixture_cut(device);
      board_come_back(7u, cases[i].encoding, 1u, &said);
      assert_int_equal(said.which_message,
                       cases[i].resumes ? speedwell_ToServer_result_tag : speedwell_ToServer_grant_tag);
      if (!cases[i].resumes) {
        assert_int_equal(said.message.grant.offset, 0u);
        fixture_send_blob(device, device->task_handle, 0u, device->parameters, 0u, sizeof(device->parameters), 60u);
        fixture_expect(device, speedwell_ToServer_result_tag, &said);
        assert_int_equal(device->trainer.begun, 1u);
      }
      assert_int_equal(said.message.result.update_id == update_id, cases[i].resumes);
      board_upload(0u);
      board_commit(1u);
      assert_int_equal(spw_keep_round(&board.keep), 1u);
    }
    assert_true(metrics > 4u);
    board_off();
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
    board_on(true, 0u);
    (void)board_train(0u);
    board_reboot();
    board_come_back(offers[i].run, offers[i].encoding, offers[i].round, &said);
    assert_true(spw_keep_resumed(&board.keep));
    assert_int_equal(said.which_message, speedwell_ToServer_grant_tag); /* of the parameters: it begins anew */
    board_off();
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
    board_on(true, 0u);
    fixture_t *device = board.device;
    while (!spw_keep_flush(&board.keep)) {
    }
    keep_large_update(values);
    const bool whole = ((way % 2u) == 0u);
    values[ELEMENTS - 1] += whole ? 0.0f : 1.0f;
    board_reboot();
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
    board_off();
  }
}

/* SPW-PWR-08 */
static void no_config_no_metrics_and_no_update_are_kept_too(void **state) {
  (void)state;
  speedwell_ToServer said;
  board_on(true, 0u);
  fixture_t *device = board.device;
  device->run_config_size = 0u;
  device->trainer.metrics = 0u;
  device->trainer.tensors[0].rule = (uint8_t)SPW_RULE_FROZEN; /* nothing goes up */
  device->trainer.tensors[3].rule = (uint8_t)SPW_RULE_FROZEN;
  device->layout[14] = (uint8_t)SPW_RULE_FROZEN;
  device->layout[64] = (uint8_t)SPW_RULE_FROZEN;
  board_reboot();
  const uint32_t update_id = board_train(0u);
  assert_int_equal(device->heard_blobs.role_count, 0u);
  board_reboot();
  board_come_back(7u, 0u, 1u, &said);
  assert_int_equal(said.which_message, speedwell_ToServer_result_tag);
  assert_int_equal(said.message.result.update_id, update_id);
  board_off();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_upload_goes_on_after_a_reboot),
      cmocka_unit_test(what_did_not_survive_is_trained_again),
      cmocka_unit_test(another_task_or_run_drops_the_kept_update),
      cmocka_unit_test(proving_is_done_in_slices),
      cmocka_unit_test(no_config_no_metrics_and_no_update_are_kept_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
