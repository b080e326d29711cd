/* The keeper beside a scripted server: what is kept, and when it is written. */
#include <string.h>

#include "board.h"

/* SPW-PWR-06 */
static void every_boot_is_kept_before_anything_is_done(void **state) {
  (void)state;
  board_on(false, 0u);
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
  board_reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 2u);
  board_reboot(); /* the second boot never got so far as to be kept */
  assert_int_equal(spw_keep_boots(&board.keep), 2u);
  assert_true(spw_keep_flush(&board.keep) == false);
  while (!spw_keep_flush(&board.keep)) {
  }
  board_reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 3u);
  board_off();
}

/* SPW-PWR-06 */
static void every_boot_has_its_own_seed(void **state) {
  (void)state;
  uint64_t seeds[64];
  board_on(false, 0u);
  for (uint32_t boot = 0u; boot < 64u; ++boot) {
    seeds[boot] = spw_keep_seed(&board.keep, 42u);
    assert_int_equal(seeds[boot], board.device->config.seed);
    for (uint32_t other = 0u; other < boot; ++other) {
      assert_true(seeds[other] != seeds[boot]);
    }
    while (!spw_keep_flush(&board.keep)) {
    }
    board_reboot();
  }
  board_off();
}

/* Rounds with all that may happen in one, and how often the store was written to. */
static uint32_t writes_of_rounds(bool retained, uint32_t rounds) {
  board_on(retained, CARRIED);
  fixture_t *device = board.device;
  speedwell_ToServer said;
  (void)board_train(0u);
  const uint32_t before = board.memory.begun - (retained ? 1u : 0u);
  for (uint32_t round = 1u; round <= rounds; ++round) {
    fixture_cut(device); /* a lost link in each */
    board_come_back(7u, 0u, round, &said);
    assert_int_equal(said.which_message, speedwell_ToServer_result_tag);
    board_upload(0u);
    board_commit(round);
    fixture_task_of_kind(device, (uint32_t)SPW_KIND_EVALUATE, round + 100u, 0u); /* an evaluation */
    fixture_download(device);
    fixture_expect(device, speedwell_ToServer_result_tag, &said);
    uint8_t metrics[4 * UP_ELEMENTS];
    fixture_grant(device, 0u, 0u, device->heard_blobs.length[0]);
    (void)fixture_collect(device, 0u, 0u, metrics);
    fixture_small(device, speedwell_ToDevice_accepted_tag, device->task_handle, 0u);
    board_commit(round + 100u);
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
  board_off();
  return writes;
}

/* SPW-PWR-10 */
static void a_round_costs_one_write_or_two(void **state) {
  (void)state;
  assert_int_equal(writes_of_rounds(false, 5u), 5u);
  assert_int_equal(writes_of_rounds(true, 5u), 10u);
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
    board_on(point >= 3u, CARRIED);
    carry(1u);
    board_reboot(); /* nothing is kept yet: what the application brings is what it begins with */
    expect_carried(1u);
    (void)board_train(0u);
    carry(2u);
    board_upload(0u);
    board_commit(1u);
    carry(3u);
    if (point >= 1u) {
      fixture_task(board.device, 2u, 0u);
      fixture_download(board.device);
      carry(4u);
    }
    if (point >= 2u) {
      speedwell_ToServer said;
      fixture_expect(board.device, speedwell_ToServer_result_tag, &said);
      board_upload(0u); /* accepted, not committed */
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
    board_reboot();
    expect_carried(2u);
    assert_int_equal(spw_keep_round(&board.keep), 1u);
    board_off();
  }
}

/* SPW-PWR-06, SPW-PWR-08 */
static void another_firmware_keeps_what_still_means_something(void **state) {
  (void)state;
  /* Another layout, or another size of what is carried: the application's bytes are taken as they stand. */
  for (uint32_t way = 0u; way < 4u; ++way) {
    board_on(true, CARRIED);
    carry(2u);
    (void)board_train(0u);
    board_upload(0u);
    board_commit(1u);
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
    board_reboot();
    assert_int_equal(spw_keep_boots(&board.keep), 2u);
    assert_int_equal(spw_keep_round(&board.keep), 1u);
    assert_int_equal(board.carried[0], 7u);
    if (way != 2u) {
      assert_int_equal(board.committed[0], 7u);
    }
    spw_keep_rewind(&board.keep);
    assert_int_equal(board.carried[0], 7u);
    board_off();
  }
}

/* A store that fails or is worn is told of; the client works as without a keeper. SPW-PWR-11 */
static void a_store_that_fails_is_no_harm(void **state) {
  static const int32_t troubles[] = {SPW_STORE_FAILED, SPW_STORE_WORN};
  (void)state;
  for (uint32_t i = 0u; i < 4u; ++i) {
    const int32_t trouble = troubles[i % 2u];
    board_on(true, 0u);
    assert_int_equal(spw_keep_trouble(&board.keep), 0);
    if (i < 2u) {
      board.memory.refusal = trouble;
    } else {
      board.memory.outcome = trouble;
    }
    (void)board_train(0u);
    assert_int_equal(spw_keep_trouble(&board.keep), trouble);
    board_upload(0u);
    board_commit(1u);
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
    board_reboot();
    assert_int_equal(spw_keep_round(&board.keep), 1u);
    assert_int_equal(spw_keep_boots(&board.keep), 2u);
    board.memory.outcome = trouble;
    board_reboot(); /* nor can it be read */
    assert_int_equal(spw_keep_trouble(&board.keep), SPW_STORE_FAILED);
    assert_int_equal(spw_keep_boots(&board.keep), 1u);
    board.memory.outcome = 1;
    fixture_connect(board.device);
    board_off();
  }
}

/* A store that is busy for others: the write waits, and the client is stepped again soon. SPW-PWR-11 */
static void a_store_that_is_busy_is_asked_again(void **state) {
  (void)state;
  board_on(false, 0u);
  (void)board_train(0u);
  board_upload(0u);
  fixture_t *device = board.device;
  const uint32_t begun = board.memory.begun;
  board.memory.refusal = 0;
  board_commit(1u);
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
  board_off();
}

/* SPW-PWR-06, SPW-PWR-11 */
static void a_store_that_is_busy_at_the_start_is_waited_for(void **state) {
  (void)state;
  board_on(false, 0u);
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
  board_off();
}

/* SPW-PWR-11 */
static void a_store_that_lies_is_not_believed(void **state) {
  (void)state;
  board_on(false, 0u);
  while (!spw_keep_flush(&board.keep)) {
  }
  board.memory.lie = 1;
  board_reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 1u);
  board.memory.lie = 0;
  fixture_connect(board.device);
  board_off();
}

/* SPW-PWR-06 */
static void boots_stop_at_the_last_number(void **state) {
  (void)state;
  board_on(false, 0u);
  while (!spw_keep_flush(&board.keep)) {
  }
  (void)memset(&board.memory.record[4], 0xFF, 4u);
  board_reboot();
  assert_int_equal(spw_keep_boots(&board.keep), 0xFFFFFFFFu);
  board_off();
}

static spw_store_t whole; /* the board's store with all its functions */

static void expect_refused(spw_status_t status) {
  const spw_keep_config_t good = {sizeof(good), &board.memory.store, board.mirror,    RECORD_MOST,
                                  true,         board.carried,       board.committed, CARRIED};
  assert_int_equal(spw_keep_open(&board.keep, &board.config), status);
  board.config = good;
  board.memory.store = whole;
}

/* SPW-PWR-11 */
static void what_breaks_a_rule_is_refused(void **state) {
  (void)state;
  board_on(true, CARRIED);
  whole = board.memory.store;
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
  board_reboot();
  board_off();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_boot_is_kept_before_anything_is_done),
      cmocka_unit_test(every_boot_has_its_own_seed),
      cmocka_unit_test(a_round_costs_one_write_or_two),
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
