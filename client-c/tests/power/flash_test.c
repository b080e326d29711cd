/* The store over raw flash: what it does, what it refuses, how it wears; with every cut there is. */
#include <string.h>

#include "chip.h"

/* SPW-PWR-01 */
static void the_newest_record_is_there_after_every_write(void **state) {
  (void)state;
  for (uint32_t g = 0u; g < (uint32_t)GEOMETRIES; ++g) {
    chip_init(&geometries[g], 1u);
    chip_boot();
    assert_int_equal(chip_held(), 0u);
    for (uint32_t number = 1u; number < 80u; ++number) {
      chip.model.latency = number % 3u;
      assert_int_equal(chip_write(number), SPW_STORE_DONE);
      assert_int_equal(chip_held(), number);
      assert_int_equal(spw_flash_writes(&chip.flash), number);
      if ((number % 5u) == 0u) {
        chip_boot();
        assert_int_equal(chip_held(), number);
        assert_int_equal(spw_flash_writes(&chip.flash), number);
      }
    }
  }
}

/* Writes until the power fails, comes back, and looks: the old record or the new one. */
static uint32_t write_until_cut(uint32_t first, uint32_t last) {
  for (uint32_t number = first; number <= last; ++number) {
    const int32_t result = chip_write(number);
    if (chip.model.dead) {
      assert_true(result < 0);
      chip.model.cut_at = (uint32_t)MODEL_NEVER;
      chip_boot();
      const uint32_t found = chip_held();
      assert_true((found == number) || (found == (number - 1u)));
      return found;
    }
    assert_int_equal(result, SPW_STORE_DONE);
  }
  return last;
}

/* At every step of 3 n + 3 writes; and then, when the power is back, again at every step of the write that follows.
 * SPW-PWR-01, SPW-PWR-05 */
static void a_cut_at_any_step_leaves_the_old_or_the_new_record(void **state) {
  (void)state;
  uint32_t cuts = 0u;
  for (uint32_t g = 0u; g < (uint32_t)GEOMETRIES; ++g) {
    uint32_t cut = 0u;
    for (bool more = true; more; ++cut) {
      for (uint32_t again = 0u, steps = 1u; again < steps; ++again) {
        chip_init(&geometries[g], (cut * 1000u) + again);
        chip_boot();
        const uint32_t last = (3u * spw_flash_slots(&chip.flash)) + 3u;
        chip.model.cut_at = cut;
        const uint32_t found = write_until_cut(1u, last);
        more = (chip.model.steps > cut);
        const uint32_t before = chip.model.steps;
        chip.model.strict = (again == 0u);
        chip.model.cut_at = (again == 0u) ? (uint32_t)MODEL_NEVER : (before + again - 1u);
        const uint32_t next = write_until_cut(found + 1u, found + 1u);
        steps = (again == 0u) ? (chip.model.steps - before + 1u) : steps; /* all there are, and none */
        chip.model.cut_at = (uint32_t)MODEL_NEVER;
        assert_true(next >= found);
        assert_int_equal(chip_write(next + 1u), SPW_STORE_DONE);
        chip_boot();
        assert_int_equal(chip_held(), next + 1u);
        ++cuts;
      }
    }
  }
  print_message("%u lives, each with one cut or two\n", (unsigned)cuts);
  assert_true(cuts > 1000u);
}

/* The power fails again and again, wherever it likes; nothing that was done is ever lost. SPW-PWR-01 */
static void a_life_of_cuts_loses_nothing(void **state) {
  (void)state;
  for (uint32_t seed = 1u; seed <= 200u; ++seed) {
    chip_init(&geometries[seed % (uint32_t)GEOMETRIES], seed);
    chip_boot();
    uint32_t found = 0u;
    for (uint32_t life = 0u; life < 60u; ++life) {
      chip.model.cut_at = chip.model.steps + test_below(&chip.model.random, 40u);
      found = write_until_cut(found + 1u, found + 6u);
    }
  }
}

/* A slot tells that it holds a record only when all of it is there. SPW-PWR-01 */
static void the_head_is_programmed_last(void **state) {
  (void)state;
  const geometry_t *geometry = &geometries[0];
  for (uint32_t cut = 1u; cut < 5u; ++cut) { /* 0 is the erase; 1..4 are the record's units, for one of 28 bytes */
    chip_init(geometry, cut);
    chip_boot();
    chip.model.cut_at = cut;
    assert_int_equal(chip_write(3u), SPW_STORE_FAILED);
    for (uint32_t i = 0u; i < (uint32_t)SPW_FLASH_HEAD; ++i) {
      assert_int_equal(chip.model.bytes[4096u + i], 0xFFu);
    }
  }
}

/* SPW-PWR-02 */
static void one_bit_that_changes_is_seen(void **state) {
  (void)state;
  chip_init(&geometries[4], 1u);
  chip_boot();
  assert_int_equal(chip_write(1u), SPW_STORE_DONE);
  assert_int_equal(chip_write(2u), SPW_STORE_DONE);
  uint8_t record[256];
  const uint32_t size = chip_record(2u, record);
  const uint32_t slot = 4096u + 24u + 40u; /* the second one of the first area */
  for (uint32_t i = 0u; i < (8u * (24u + size)); ++i) {
    chip.model.bytes[slot + (i / 8u)] ^= (uint8_t)(1u << (i % 8u));
    chip_boot();
    assert_int_equal(chip_held(), 1u);
    chip.model.bytes[slot + (i / 8u)] ^= (uint8_t)(1u << (i % 8u));
  }
  chip_boot();
  assert_int_equal(chip_held(), 2u);
}

/* Erases of the area that was erased more often, as the chip has counted them. */
static uint32_t erased_most(void) {
  uint32_t most = 0u;
  for (uint32_t i = 0u; i < (uint32_t)MODEL_PAGES; ++i) {
    most = (chip.model.erases[i] > most) ? chip.model.erases[i] : most;
  }
  return most;
}

/* SPW-PWR-03 */
static void the_budget_is_kept_and_refused_beyond(void **state) {
  (void)state;
  for (uint32_t g = 0u; g < (uint32_t)GEOMETRIES; ++g) {
    for (uint32_t boots = 0u; boots < 2u; ++boots) { /* without, and with a start after every third write */
      chip_init(&geometries[g], 1u);
      chip.config.erases_most = 5u;
      chip_boot();
      uint32_t number = 0u;
      int32_t result = SPW_STORE_DONE;
      while (result == SPW_STORE_DONE) {
        ++number;
        assert_true(number < 1000u);
        result = chip_write(number);
        assert_int_equal(spw_flash_erases(&chip.flash), erased_most());
        if ((boots > 0u) && ((number % 3u) == 0u)) {
          chip_boot();
          assert_int_equal(spw_flash_erases(&chip.flash), erased_most());
        }
      }
      assert_int_equal(result, SPW_STORE_WORN);
      assert_int_equal(erased_most(), 5u);
      if (boots == 0u) { /* both areas, each filled five times */
        assert_int_equal(number - 1u, 10u * spw_flash_slots(&chip.flash));
      }
      const uint32_t steps = chip.model.steps;
      chip_boot();
      assert_int_equal(chip_held(), number - 1u); /* the last one stays */
      assert_int_equal(chip_write(number), SPW_STORE_WORN);
      assert_int_equal(chip.model.steps, steps);
    }
  }
}

/* An erase that a cut broke off is counted once. SPW-PWR-03 */
static void an_erase_that_was_broken_off_counts(void **state) {
  uint32_t seen = 0u;
  (void)state;
  for (uint32_t seed = 0u; seed < 32u; ++seed) {
    chip_init(&geometries[0], seed);
    chip_boot();
    assert_int_equal(chip_write(1u), SPW_STORE_DONE); /* the first area, then the second, then the first again */
    assert_int_equal(chip_write(2u), SPW_STORE_DONE);
    chip.model.cut_at = chip.model.steps;
    assert_int_equal(chip_write(3u), SPW_STORE_FAILED);
    chip.model.cut_at = (uint32_t)MODEL_NEVER;
    chip_boot();
    assert_int_equal(chip_held(), 2u);
    const bool whole = (chip.model.bytes[4096u] != 0xFFu) && (spw_flash_erases(&chip.flash) == 1u);
    assert_int_equal(spw_flash_erases(&chip.flash),
                     whole ? 1u : 2u); /* the cut came before it did anything: not seen */
    assert_int_equal(chip_write(3u), SPW_STORE_DONE);
    assert_true(spw_flash_erases(&chip.flash) <= erased_most());
    chip.model.cut_at = chip.model.steps;
    assert_int_equal(chip_write(4u), SPW_STORE_FAILED);
    chip_boot();
    const uint32_t counted = chip.flash.newest.erases[1];
    chip.config.erases_most = 1u; /* spent: what is counted so goes no further */
    chip_boot();
    assert_true(chip.flash.newest.erases[1] <= counted);
    assert_int_equal(chip_write(4u), SPW_STORE_WORN);
    seen += (chip.flash.newest.erases[1] < counted) ? 1u : 0u;
  }
  assert_true(seen > 0u);
}

/* SPW-PWR-03 */
static void numbers_come_to_an_end(void **state) {
  (void)state;
  chip_init(&geometries[4], 1u);
  chip_boot();
  assert_int_equal(chip_write(1u), SPW_STORE_DONE);
  chip.flash.newest.sequence = 0xFFFFFFFEu; /* after some centuries */
  assert_int_equal(chip_write(2u), SPW_STORE_DONE);
  assert_int_equal(chip_write(3u), SPW_STORE_WORN);
  chip_boot();
  assert_int_equal(chip_held(), 2u);
  assert_int_equal(chip_write(3u), SPW_STORE_WORN);
}

/* The chip says that a step failed, the power stays: the old record stays, and the next write finds another place.
 * SPW-PWR-04 */
static void a_step_that_fails_leaves_the_old_record(void **state) {
  (void)state;
  for (uint32_t g = 0u; g < (uint32_t)GEOMETRIES; ++g) {
    for (uint32_t first = 0u; first < 8u; ++first) { /* full and half-full areas, and none */
      for (uint32_t step = 0u; step < 48u; ++step) {
        chip_init(&geometries[g], 1u);
        chip_boot();
        for (uint32_t number = 1u; number <= first; ++number) {
          assert_int_equal(chip_write(number), SPW_STORE_DONE);
        }
        chip.model.fail_at = chip.model.steps + step;
        const int32_t result = chip_write(first + 1u);
        chip.model.fail_at = (uint32_t)MODEL_NEVER;
        const uint32_t held_now = (result == SPW_STORE_DONE) ? (first + 1u) : first;
        assert_true((result == SPW_STORE_DONE) || (result == SPW_STORE_FAILED));
        assert_int_equal(chip_held(), held_now);
        assert_int_equal(chip_write(first + 2u), SPW_STORE_DONE);
        chip_boot();
        assert_int_equal(chip_held(), first + 2u);
      }
    }
  }
}

/* The chip says that all is well, and it is not: the look at the end sees it. SPW-PWR-02, SPW-PWR-04 */
static void what_was_not_written_rightly_is_not_taken(void **state) {
  (void)state;
  static const uint32_t places[] = {0u, 23u, 24u, 30u, 64u}; /* in the head, in the record; and another record there */
  for (uint32_t i = 0u; i < (sizeof(places) / sizeof(places[0])); ++i) {
    chip_init(&geometries[4], 1u);
    chip_boot();
    assert_int_equal(chip_write(2u), SPW_STORE_DONE);
    const spw_store_t *store = &chip.flash.store;
    const uint32_t size = chip_record(4u, chip.mirror);
    assert_int_equal(store->write(store->context, chip.mirror, size), 1);
    const uint32_t last = chip.model.programs + size + 24u;
    while (chip.model.programs < last) {
      assert_int_equal(store->poll(store->context), SPW_STORE_BUSY);
    }
    if (places[i] < 64u) {
      chip.model.bytes[4096u + 64u + places[i]] ^= 0x10u;
    } else {
      (void)memcpy(&chip.model.bytes[4096u + 64u], &chip.model.bytes[4096u], 64u);
    }
    assert_int_equal(store->poll(store->context), SPW_STORE_FAILED);
    assert_int_equal(chip_held(), 2u);
    assert_int_equal(chip_write(6u), SPW_STORE_DONE);
    assert_int_equal(chip_held(), 6u);
  }
}

/* SPW-PWR-05, SPW-PWR-14 */
static void jobs_are_one_at_a_time(void **state) {
  (void)state;
  chip_init(&geometries[4], 1u);
  chip_boot();
  const spw_store_t *store = &chip.flash.store;
  uint8_t bytes[8];
  assert_int_equal(store->poll(store->context), SPW_STORE_DONE);
  assert_int_equal(store->write(store->context, chip.mirror, 0u), SPW_STORE_FAILED);
  assert_int_equal(store->write(store->context, chip.mirror, 41u), SPW_STORE_FAILED);
  assert_int_equal(chip_write(2u), SPW_STORE_DONE);
  (void)chip_record(4u, chip.mirror);
  assert_int_equal(store->write(store->context, chip.mirror, 20u), 1);
  assert_int_equal(store->write(store->context, chip.mirror, 20u), 0);
  assert_int_equal(store->read(store->context, bytes, sizeof(bytes)), SPW_STORE_FAILED);
  int32_t result = 0;
  uint32_t polls = 0u;
  chip.model.latency = 3u;
  while (result == 0) {
    const uint32_t before = chip.model.steps;
    result = store->poll(store->context);
    assert_true((chip.model.steps - before) <= 25u); /* a unit's worth, at one byte a program */
    ++polls;
  }
  assert_int_equal(result, SPW_STORE_DONE);
  assert_int_equal(polls, 9u); /* record, head and a look, and three waits for each of the first two */
  assert_int_equal(store->read(store->context, bytes, 3u), 3); /* the beginning of it */
  assert_int_equal(bytes[0], 4u);
}

/* SPW-PWR-02 */
static void what_cannot_be_read_is_not_there(void **state) {
  (void)state;
  chip_init(&geometries[1], 1u);
  chip_boot();
  assert_int_equal(chip_write(1u), SPW_STORE_DONE);
  assert_int_equal(chip_write(2u), SPW_STORE_DONE);
  chip.model.torn[4096u + 64u + 30u] = true; /* in the record */
  uint8_t bytes[64];
  assert_int_equal(chip.flash.store.read(&chip.flash, bytes, sizeof(bytes)), SPW_STORE_FAILED);
  chip_boot();
  assert_int_equal(chip_held(), 1u);
  chip.model.torn[4096u] = true; /* in a head */
  chip_boot();
  assert_int_equal(chip_held(), 0u);
}

static void expect_refused(spw_status_t status) {
  assert_int_equal(spw_flash_init(&chip.flash, &chip.config), status);
  chip_init(&geometries[0], 1u);
}

/* SPW-PWR-05 */
static void what_breaks_a_rule_is_refused(void **state) {
  (void)state;
  chip_init(&geometries[0], 1u);
  assert_int_equal(spw_flash_init(NULL, &chip.config), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_flash_init(&chip.flash, NULL), SPW_BAD_ARGUMENT);
  chip.config.size = 4u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.device = NULL, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.unit = NULL, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.capacity = 0u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.erases_most = 0u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.unit_size = 28u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.unit_size = 16u, expect_refused(SPW_TOO_SMALL);
  chip.config.capacity = 41u, expect_refused(SPW_TOO_SMALL);
  chip.config.capacity = 0xFFFFFFF0u, expect_refused(SPW_TOO_SMALL);
  chip.config.area_size = 0u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.area_size = 0x80000000u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.area_size = 96u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.first += 8u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.second += 8u, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.second = chip.config.first, expect_refused(SPW_BAD_ARGUMENT);
  chip.config.first = 0xFFFFFFC0u, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.read = NULL, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.erase = NULL, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.program = NULL, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.poll = NULL, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.program_size = 0u, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.program_size = 6u, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.program_size = 128u, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.page_size = 0u, expect_refused(SPW_BAD_ARGUMENT);
  chip.model.device.page_size = 192u, expect_refused(SPW_BAD_ARGUMENT);
  expect_refused(SPW_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_newest_record_is_there_after_every_write),
      cmocka_unit_test(a_cut_at_any_step_leaves_the_old_or_the_new_record),
      cmocka_unit_test(a_life_of_cuts_loses_nothing),
      cmocka_unit_test(the_head_is_programmed_last),
      cmocka_unit_test(one_bit_that_changes_is_seen),
      cmocka_unit_test(the_budget_is_kept_and_refused_beyond),
      cmocka_unit_test(an_erase_that_was_broken_off_counts),
      cmocka_unit_test(numbers_come_to_an_end),
      cmocka_unit_test(a_step_that_fails_leaves_the_old_record),
      cmocka_unit_test(what_was_not_written_rightly_is_not_taken),
      cmocka_unit_test(jobs_are_one_at_a_time),
      cmocka_unit_test(what_cannot_be_read_is_not_there),
      cmocka_unit_test(what_breaks_a_rule_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
