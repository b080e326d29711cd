/* Preloaded into the fleet server under test: as long as the file READONLY_SWITCH exists, the disk below
 * READONLY_FOLDER has become read-only, as a kernel makes it after an error of the device. Files that are open stay so,
 * but nothing is written to them or synced; nothing is opened for writing, made, renamed or deleted. A mount cannot be
 * made read-only while a server has files open on it, so the C library is where the server meets it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static const char *switched;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
  switched = getenv("READONLY_SWITCH");
  folder = getenv("READONLY_FOLDER");
}

static bool on(void) {
  return (switched != NULL) && (folder != NULL) && (syscall(SYS_access, switched, F_OK) == 0);
}

/* Whether a path is on the disk, and the disk is read-only. */
static bool refused_path(const char *path) {
  return on() && (strncmp(path, folder, strlen(folder)) == 0);
}

static bool refused_file(int file) {
  char link[32];
  char path[PATH_MAX];
  if (!on()) {
    return false;
  }
  (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1u);
  path[(length > 0) ? length : 0] = '\0';
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int refuse(void) {
  errno = EROFS;
  return -1;
}

static int open_file(const char *path, int flags, mode_t mode) {
  if (((flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0) && refused_path(path)) {
    return refuse();
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return open_file(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return open_file(path, flags | O_LARGEFILE, mode);
}

ssize_t write(int file, const void *bytes, size_t size) {
  return refused_file(file) ? refuse() : syscall(SYS_write, file, bytes, size);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) {
  return refused_file(file) ? refuse() : syscall(SYS_pwrite64, file, bytes, size, offset);
}

int ftruncate64(int file, off64_t size) {
  return refused_file(file) ? refuse() : (int)syscall(SYS_ftruncate, file, size);
}

int fsync(int file) {
  return refused_file(file) ? refuse() : (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
  return refused_file(file) ? refuse() : (int)syscall(SYS_fdatasync, file);
}

int rename(const char *from, const char *to) {
  return refused_path(to) ? refuse() : (int)syscall(SYS_rename, from, to);
}

int unlink(const char *path) {
  return refused_path(path) ? refuse() : (int)syscall(SYS_unlink, path);
}
