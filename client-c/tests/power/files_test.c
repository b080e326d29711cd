/* The store in a file, on a disk whose power fails at every call (disk.h). */
#include "speedwell/files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "testing.h"

enum { RECORD = 300 };

static void record_of(uint32_t number, uint8_t bytes[RECORD]) {
  for (uint32_t i = 0u; i < (uint32_t)RECORD; ++i) {
    bytes[i] = (uint8_t)((number * 37u) + i);
  }
}

static int32_t write_record(spw_files_t *files, uint32_t number) {
  uint8_t bytes[RECORD];
  record_of(number, bytes);
  return files->store.write(files->store.context, bytes, RECORD);
}

/* The number of the record that is there, whole; 0: none. */
static uint32_t held(spw_files_t *files) {
  uint8_t bytes[RECORD + 1];
  uint8_t expected[RECORD];
  const int32_t size = files->store.read(files->store.context, bytes, sizeof(bytes));
  assert_true((size == 0) || (size == (int32_t)RECORD));
  for (uint32_t number = 1u; (size > 0) && (number < 100u); ++number) {
    record_of(number, expected);
    if (memcmp(bytes, expected, RECORD) == 0) {
      return number;
    }
  }
  assert_int_equal(size, 0);
  return 0u;
}

static void boot(spw_files_t *files) {
  disk_calm();
  assert_int_equal(spw_files_init(files, disk_path, 0u), SPW_OK);
}

/* SPW-PWR-12 */
static void the_newest_record_is_there(void **state) {
  (void)state;
  spw_files_t files;
  disk_clean();
  boot(&files);
  assert_int_equal(held(&files), 0u);
  assert_string_equal(spw_files_error(&files), "");
  for (uint32_t number = 1u; number < 5u; ++number) {
    assert_int_equal(write_record(&files, number), 1);
    assert_int_equal(files.store.poll(files.store.context), SPW_STORE_DONE);
    assert_true(disk.file_synced && disk.renamed && disk.folder_synced);
    boot(&files);
    assert_int_equal(held(&files), number);
  }
  uint8_t bytes[3];
  uint8_t expected[RECORD];
  record_of(4u, expected);
  assert_int_equal(files.store.read(files.store.context, bytes, 3u), 3);
  assert_memory_equal(bytes, expected, 3u);
  assert_int_not_equal(access(disk_fresh, F_OK), 0);
}

/* SPW-PWR-12 */
static void a_cut_at_any_call_leaves_the_old_or_the_new_record(void **state) {
  (void)state;
  static spw_files_t files; /* static: longjmp passes over it */
  static volatile int at;
  static volatile uint32_t seed;
  static volatile uint32_t cuts;
  static volatile bool more;
  for (seed = 1u; seed <= 8u; ++seed) {
    more = true;
    for (at = 0; more; ++at) {
      disk_clean();
      disk.random = (seed * 1000u) + (uint32_t)at;
      boot(&files);
      assert_int_equal(write_record(&files, 1u), 1);
      disk_calm();
      disk.cut_at = at;
      if (setjmp(disk.off) == 0) {
        assert_int_equal(write_record(&files, 2u), 1);
        more = false;
        boot(&files);
        assert_int_equal(held(&files), 2u);
      } else {
        ++cuts;
        boot(&files);
        assert_in_range(held(&files), 1u, 2u);
      }
      assert_int_equal(write_record(&files, 3u), 1);
      assert_int_equal(held(&files), 3u);
    }
  }
  assert_in_range(cuts, 8u * 8u, 8u * 12u);
}

/* SPW-PWR-04 */
static void a_call_that_fails_leaves_a_whole_record(void **state) {
  (void)state;
  spw_files_t files;
  int failures = 0;
  int32_t result = -1;
  for (int at = 0; result < 0; ++at) {
    disk_clean();
    boot(&files);
    assert_int_equal(write_record(&files, 1u), 1);
    disk_calm();
    disk.fail_at = at;
    result = write_record(&files, 2u);
    if ((result < 0) || (disk.calls <= at)) {
      assert_int_equal(result, (disk.calls <= at) ? 1 : (int32_t)SPW_STORE_FAILED);
    }
    failures += (result < 0) ? 1 : 0;
    if (result < 0) {
      assert_string_equal(spw_files_error(&files), strerror(ENOSPC));
    }
    disk_calm();
    assert_in_range(held(&files), 1u, 2u);
    assert_int_equal(write_record(&files, 3u), 1);
    assert_int_equal(held(&files), 3u);
  }
  assert_in_range(failures, 7, 12);
}

/* SPW-PWR-12 */
static void calls_that_do_a_part_are_gone_on_with(void **state) {
  (void)state;
  spw_files_t files;
  for (int at = 0; at < 12; ++at) {
    disk_clean();
    boot(&files);
    disk.short_at = at;
    assert_int_equal(write_record(&files, 1u), 1);
    disk.short_at = disk.calls + at;
    assert_int_equal(held(&files), 1u);
  }
}

/* SPW-PWR-04 */
static void what_cannot_be_read_is_told(void **state) {
  (void)state;
  spw_files_t files;
  uint8_t bytes[RECORD];
  disk_clean();
  boot(&files);
  assert_int_equal(write_record(&files, 1u), 1);
  for (int at = 0; at < 4; ++at) {
    disk_calm();
    disk.fail_at = at;
    assert_int_equal(files.store.read(files.store.context, bytes, RECORD), SPW_STORE_FAILED);
    assert_string_not_equal(spw_files_error(&files), "");
  }
}

/* Every byte changed, and every length. SPW-PWR-02 */
static void damage_is_seen(void **state) {
  (void)state;
  spw_files_t files;
  uint8_t bytes[RECORD];
  disk_clean();
  boot(&files);
  assert_int_equal(write_record(&files, 1u), 1);
  struct stat about;
  assert_int_equal(stat(disk_path, &about), 0);
  for (off_t at = 0; at < about.st_size; ++at) {
    uint8_t byte = 0u;
    const int file = disk_open(disk_path, O_RDWR);
    assert_int_equal(pread(file, &byte, 1u, at), 1);
    byte ^= (uint8_t)(1u << (at % 8));
    assert_int_equal(pwrite(file, &byte, 1u, at), 1);
    assert_int_equal(files.store.read(files.store.context, bytes, RECORD), SPW_STORE_FAILED);
    byte ^= (uint8_t)(1u << (at % 8));
    assert_int_equal(pwrite(file, &byte, 1u, at), 1);
    assert_int_equal(disk_close(file), 0);
  }
  assert_int_equal(held(&files), 1u);
  for (off_t size = about.st_size - 1; size >= 0; --size) {
    assert_int_equal(truncate(disk_path, size), 0);
    assert_int_equal(files.store.read(files.store.context, bytes, RECORD), SPW_STORE_FAILED);
    assert_string_equal(spw_files_error(&files), strerror(EIO));
  }
  assert_int_equal(write_record(&files, 2u), 1); /* a new life */
  assert_int_equal(held(&files), 2u);
}

/* SPW-PWR-03 */
static void the_budget_is_kept_and_refused_beyond(void **state) {
  (void)state;
  spw_files_t files;
  disk_clean();
  for (uint32_t number = 1u; number <= 7u; ++number) {
    disk_calm();
    assert_int_equal(spw_files_init(&files, disk_path, 5u),
                     SPW_OK); /* every write after a start: it is counted in the file */
    (void)held(&files);
    const int32_t result = write_record(&files, number);
    assert_int_equal(result, (number <= 5u) ? 1 : (int32_t)SPW_STORE_WORN);
    assert_int_equal(held(&files), (number <= 5u) ? number : 5u);
  }
  files.writes_most = 0u; /* without a budget the count has an end as well */
  files.writes = UINT32_MAX;
  assert_int_equal(write_record(&files, 1u), SPW_STORE_WORN);
}

static void paths_are_checked(void **state) {
  (void)state;
  static spw_files_t files;
  char longest[SPW_FILES_PATH + 1];
  (void)memset(longest, 'x', sizeof(longest));
  longest[SPW_FILES_PATH] = '\0';
  assert_int_equal(spw_files_init(NULL, disk_path, 0u), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_files_init(&files, NULL, 0u), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_files_init(&files, "", 0u), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_files_init(&files, longest, 0u), SPW_TOO_SMALL);
  longest[SPW_FILES_PATH - 1] = '\0';
  assert_int_equal(spw_files_init(&files, longest, 0u), SPW_OK);
  assert_string_equal(files.folder, ".");
  assert_int_equal(spw_files_init(&files, "/record", 0u), SPW_OK);
  assert_string_equal(files.folder, "/");
  disk_clean();
  assert_int_equal(spw_files_init(&files, "/nowhere/record", 0u), SPW_OK);
  assert_int_equal(held(&files), 0u); /* there is none */
  assert_int_equal(write_record(&files, 1u), SPW_STORE_FAILED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_newest_record_is_there),
      cmocka_unit_test(a_cut_at_any_call_leaves_the_old_or_the_new_record),
      cmocka_unit_test(a_call_that_fails_leaves_a_whole_record),
      cmocka_unit_test(calls_that_do_a_part_are_gone_on_with),
      cmocka_unit_test(what_cannot_be_read_is_told),
      cmocka_unit_test(damage_is_seen),
      cmocka_unit_test(the_budget_is_kept_and_refused_beyond),
      cmocka_unit_test(paths_are_checked),
  };
  return cmocka_run_group_tests(tests, disk_begin, disk_end);
}
