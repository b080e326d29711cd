#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing.h"

int __real_open(const char *name, int flags, ...);
ssize_t __real_read(int file, void *bytes, size_t size);
ssize_t __real_write(int file, const void *bytes, size_t size);
int __real_fsync(int file);
int __real_close(int file);
int __real_rename(const char *from, const char *to);

disk_t disk;
char disk_path[64];
char disk_fresh[72];
static char folder[] = "/tmp/speedwell-files-XXXXXX";
static char before[72]; /* what the file was before it was renamed over */

/* The power fails: unless synced, the new file holds anything, and the folder may not know of it. */
static void cut(void) {
  if (!disk.file_synced) {
    const char *name = disk.renamed ? disk_path : disk_fresh;
    struct stat about;
    if ((stat(name, &about) == 0) && (about.st_size > 0)) {
      const off_t left = (off_t)test_below(&disk.random, (uint32_t)about.st_size + 1u);
      assert_int_equal(truncate(name, left), 0);
    }
  }
  if (disk.renamed && (!disk.folder_synced) && (test_below(&disk.random, 2u) == 0u)) {
    (void)unlink(disk_path);
    (void)__real_rename(before, disk_path);
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

void disk_calm(void) {
  disk.calls = 0;
  disk.cut_at = DISK_NEVER;
  disk.fail_at = DISK_NEVER;
  disk.short_at = DISK_NEVER;
}

void disk_clean(void) {
  (void)unlink(disk_path);
  (void)unlink(disk_fresh);
  (void)unlink(before);
  disk_calm();
}

int disk_begin(void **state) {
  (void)state;
  if (mkdtemp(folder) == NULL) {
    return -1;
  }
  (void)snprintf(disk_path, sizeof(disk_path), "%s/record", folder);
  (void)snprintf(disk_fresh, sizeof(disk_fresh), "%s.new", disk_path);
  (void)snprintf(before, sizeof(before), "%s.old", disk_path);
  return 0;
}

int disk_end(void **state) {
  (void)state;
  disk_clean();
  return rmdir(folder);
}

int disk_open(const char *name, int flags) {
  return __real_open(name, flags);
}

int disk_close(int file) {
  return __real_close(file);
}
