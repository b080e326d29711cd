/*
 * The store in a file, on a disk whose power fails at every call: what was written and not synced is then torn or gone,
 * a name that was not synced may be the old one again. The calls that files.c makes are caught by the linker (--wrap).
 */
#include "speedwell/files.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing.h"

enum { NEVER = 1000000, RECORD = 300 };

int __real_open(const char *name, int flags, ...);
ssize_t __real_read(int file, void *bytes, size_t size);
ssize_t __real_write(int file, const void *bytes, size_t size);
int __real_fsync(int file);
int __real_close(int file);
int __real_rename(const char *from, const char *to);

/* Which call it is, counted from 0, and what happens at it. */
static struct {
  int calls;
  int cut_at;   /* the power fails */
  int fail_at;  /* the call returns an error */
  int short_at; /* it does half of what it was asked to, or is interrupted */
  uint64_t random;
  bool file_synced;
  bool renamed;
  bool folder_synced;
  jmp_buf off;
} disk;

static char folder[] = "/tmp/speedwell-files-XXXXXX";
static char path[64];
static char fresh[72];
static char before[72]; /* what the file was before it was renamed over */

/* The power fails: unless synced, the new file holds anything, and the folder may not know of it. */
static void cut(void) {
  if (!disk.file_synced) {
    const char *name = disk.renamed ? path : fresh;
    struct stat about;
    if ((stat(name, &about) == 0) && (about.st_size > 0)) {
      const off_t left = (off_t)test_below(&disk.random, (uint32_t)about.st_size + 1u);
      assert_int_equal(truncate(name, left), 0);
    }
  }
  if (disk.renamed && (!disk.folder_synced) && (test_below(&disk.random, 2u) == 0u)) {
    (void)unlink(path);
    (void)__real_rename(before, path);
  }
  longjmp(disk.off, 1);
}

static bool failing(void) {
  const int call = disk.calls;
  ++disk.calls;
  if (call == disk.cut_at) {
    cut();
  }
  if ((call == disk.fail_at) || (call == disk.short_at)) {
    errno = (call == disk.fail_at) ? ENOSPC : EINTR;
  }
  return call == disk.fail_at;
}

int __wrap_open(const char *name, int flags, ...);
ssize_t __wrap_read(int file, void *bytes, size_t size);
ssize_t __wrap_write(int file, const void *bytes, size_t size);
int __wrap_fsync(int file);
int __wrap_close(int file);
int __wrap_rename(const char *from, const char *to);

int __wrap_open(const char *name, int flags, ...) {
  const bool fails = failing();
  if ((flags & O_CREAT) != 0) {
    disk.file_synced = false;
    disk.renamed = false;
    disk.folder_synced = false;
  }
  return fails ? -1 : __real_open(name, flags, 0600);
}

ssize_t __wrap_read(int file, void *bytes, size_t size) {
  const bool interrupted = (disk.calls == disk.short_at);
  if (failing()) {
    return -1;
  }
  return interrupted ? -1 : __real_read(file, bytes, (size > 7u) ? (size - 7u) : size); /* never all at once */
}

ssize_t __wrap_write(int file, const void *bytes, size_t size) {
  const bool some = (disk.calls == disk.short_at);
  if (failing()) {
    return -1;
  }
  if (some && (size < 2u)) {
    return -1; /* interrupted */
  }
  return __real_write(file, bytes, some ? (size / 2u) : size);
}

int __wrap_fsync(int file) {
  const bool fails = failing();
  struct stat about;
  assert_int_equal(fstat(file, &about), 0);
  if (fails) {
    return -1;
  }
  if (S_ISDIR(about.st_mode)) {
    disk.folder_synced = true;
  } else {
    disk.file_synced = true;
  }
  return __real_fsync(file);
}

int __wrap_close(int file) {
  const int closed = __real_close(file);
  return failing() ? -1 : closed;
}

int __wrap_rename(const char *from, const char *to) {
  if (failing()) {
    return -1;
  }
  (void)unlink(before);
  (void)link(to, before);
  disk.renamed = true;
  return __real_rename(from, to);
}

static void calm(void) {
  disk.calls = 0;
  disk.cut_at = NEVER;
  disk.fail_at = NEVER;
  disk.short_at = NEVER;
}

static void clean(void) {
  (void)unlink(path);
  (void)unlink(fresh);
  (void)unlink(before);
  calm();
}

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
  calm();
  assert_int_equal(spw_files_init(files, path, 0u), SPW_OK);
}

/* SPW-PWR-12 */
static void the_newest_record_is_there(void **state) {
  (void)state;
  spw_files_t files;
  clean();
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
  assert_int_not_equal(access(fresh, F_OK), 0);
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
      clean();
      disk.random = (seed * 1000u) + (uint32_t)at;
      boot(&files);
      assert_int_equal(write_record(&files, 1u), 1);
      calm();
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
    clean();
    boot(&files);
    assert_int_equal(write_record(&files, 1u), 1);
    calm();
    disk.fail_at = at;
    result = write_record(&files, 2u);
    if ((result < 0) || (disk.calls <= at)) {
      assert_int_equal(result, (disk.calls <= at) ? 1 : (int32_t)SPW_STORE_FAILED);
    }
    failures += (result < 0) ? 1 : 0;
    if (result < 0) {
      assert_string_equal(spw_files_error(&files), strerror(ENOSPC));
    }
    calm();
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
    clean();
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
  clean();
  boot(&files);
  assert_int_equal(write_record(&files, 1u), 1);
  for (int at = 0; at < 4; ++at) {
    calm();
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
  clean();
  boot(&files);
  assert_int_equal(write_record(&files, 1u), 1);
  struct stat about;
  assert_int_equal(stat(path, &about), 0);
  for (off_t at = 0; at < about.st_size; ++at) {
    uint8_t byte = 0u;
    const int file = __real_open(path, O_RDWR);
    assert_int_equal(pread(file, &byte, 1u, at), 1);
    byte ^= (uint8_t)(1u << (at % 8));
    assert_int_equal(pwrite(file, &byte, 1u, at), 1);
    assert_int_equal(files.store.read(files.store.context, bytes, RECORD), SPW_STORE_FAILED);
    byte ^= (uint8_t)(1u << (at % 8));
    assert_int_equal(pwrite(file, &byte, 1u, at), 1);
    assert_int_equal(__real_close(file), 0);
  }
  assert_int_equal(held(&files), 1u);
  for (off_t size = about.st_size - 1; size >= 0; --size) {
    assert_int_equal(truncate(path, size), 0);
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
  clean();
  for (uint32_t number = 1u; number <= 7u; ++number) {
    calm();
    assert_int_equal(spw_files_init(&files, path, 5u),
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
  assert_int_equal(spw_files_init(NULL, path, 0u), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_files_init(&files, NULL, 0u), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_files_init(&files, "", 0u), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_files_init(&files, longest, 0u), SPW_TOO_SMALL);
  longest[SPW_FILES_PATH - 1] = '\0';
  assert_int_equal(spw_files_init(&files, longest, 0u), SPW_OK);
  assert_string_equal(files.folder, ".");
  assert_int_equal(spw_files_init(&files, "/record", 0u), SPW_OK);
  assert_string_equal(files.folder, "/");
  clean();
  assert_int_equal(spw_files_init(&files, "/nowhere/record", 0u), SPW_OK);
  assert_int_equal(held(&files), 0u); /* there is none */
  assert_int_equal(write_record(&files, 1u), SPW_STORE_FAILED);
}

static int begin(void **state) {
  (void)state;
  if (mkdtemp(folder) == NULL) {
    return -1;
  }
  (void)snprintf(path, sizeof(path), "%s/record", folder);
  (void)snprintf(fresh, sizeof(fresh), "%s.new", path);
  (void)snprintf(before, sizeof(before), "%s.old", path);
  return 0;
}

static int end(void **state) {
  (void)state;
  clean();
  return rmdir(folder);
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
  return cmocka_run_group_tests(tests, begin, end);
}
