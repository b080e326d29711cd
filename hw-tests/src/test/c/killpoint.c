/* Preloaded into the fleet server under test: kills it with SIGKILL at the n-th crossing of a point, told by
 * KILLPOINT=<name> and KILLPOINT_COUNT=<n>. The server itself is what users run; it is only watched where it enters the
 * C library. The points, in the order in which a round crosses them:
 *
 *   accepted       a device was sent Accepted
 *   folded         everything is folded: the checkpoint's first bytes are about to be written
 *   file-torn      half of them are written
 *   file-synced    the checkpoint's file is on the disk
 *   renamed        it has its name
 *   folder-synced  the name is on the disk
 *   row-torn       half of a write to the database is done
 *   row-written    a write to the database is done
 *   row-synced     the database is on the disk
 *   committing     a device is about to be sent Committed
 *   committed      it was sent
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define ACCEPTED 11u /* field numbers of ToDevice */
#define COMMITTED 12u

static const char *point;
static atomic_long crossings_left;

__attribute__((constructor)) static void begin(void) {
  const char *count = getenv("KILLPOINT_COUNT");
  point = getenv("KILLPOINT");
  atomic_store(&crossings_left, (count != NULL) ? atol(count) : 0);
}

static void cross(const char *here) {
  if (atomic_fetch_sub(&crossings_left, 1) == 1) {
    dprintf(STDERR_FILENO, "killed at %s\n", here);
    (void)kill(getpid(), SIGKILL);
    for (;;) {
      (void)pause();
    }
  }
}

static bool is(const char *here) {
  return (point != NULL) && (strcmp(point, here) == 0);
}

static void at(const char *here) {
  if (is(here)) {
    cross(here);
  }
}

/* Whether a point will be crossed at this call. */
static bool due(const char *here) {
  return is(here) && (atomic_load(&crossings_left) == 1);
}

static bool ends_with(const char *text, const char *end) {
  const size_t length = strlen(text);
  const size_t tail = strlen(end);
  return (length >= tail) && (strcmp(&text[length - tail], end) == 0);
}

/* Whether an open file's path ends so. */
static bool names(int file, const char *end) {
  char link[32];
  char path[PATH_MAX];
  (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1u);
  path[(length > 0) ? length : 0] = '\0';
  return ends_with(path, end);
}

/* Whether the bytes are one frame whose message has this number. */
static bool is_frame(const void *bytes, size_t size, unsigned number) {
  const unsigned char *frame = bytes;
  return (size > 2u) && (size < 128u) && ((size_t)frame[0] == (size - 1u)) && (frame[1] == ((number << 3) | 2u));
}

static bool has_frame(const struct iovec *parts, int count, unsigned number) {
  bool found = false;
  for (int i = 0; i < count; i++) {
    found = found || is_frame(parts[i].iov_base, parts[i].iov_len, number);
  }
  return found;
}

static void before(const struct iovec *parts, int count) {
  if (is("committing") && has_frame(parts, count, COMMITTED)) {
    cross("committing");
  }
}

static void after(const struct iovec *parts, int count) {
  if (is("accepted") && has_frame(parts, count, ACCEPTED)) {
    cross("accepted");
  }
  if (is("committed") && has_frame(parts, count, COMMITTED)) {
    cross("committed");
  }
}

static ssize_t write_file(int file, const void *bytes, size_t size) {
  if (((point != NULL)) && names(file, ".part")) {
    at("folded");
    if (due("file-torn")) {
      (void)syscall(SYS_write, file, bytes, size / 2u);
    }
    at("file-torn");
  }
  return syscall(SYS_write, file, bytes, size);
}

ssize_t write(int file, const void *bytes, size_t size) {
  const struct iovec part = {(void *)(size_t)bytes, size};
  before(&part, 1);
  const ssize_t done = write_file(file, bytes, size);
  after(&part, 1);
  return done;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  before(parts, count);
  const ssize_t done = syscall(SYS_writev, file, parts, count);
  after(parts, count);
  return done;
}

ssize_t send(int file, const void *bytes, size_t size, int flags) {
  const struct iovec part = {(void *)(size_t)bytes, size};
  before(&part, 1);
  const ssize_t done = syscall(SYS_sendto, file, bytes, size, flags, NULL, 0);
  after(&part, 1);
  return done;
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  before(message->msg_iov, (int)message->msg_iovlen);
  const ssize_t done = syscall(SYS_sendmsg, file, message, flags);
  after(message->msg_iov, (int)message->msg_iovlen);
  return done;
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) {
  const bool row = (point != NULL) && names(file, ".mv.db");
  if (row && due("row-torn")) {
    (void)syscall(SYS_pwrite64, file, bytes, size / 2u, offset);
  }
  if (row) {
    at("row-torn");
  }
  const ssize_t done = syscall(SYS_pwrite64, file, bytes, size, offset);
  if (row) {
    at("row-written");
  }
  return done;
}

static void synced(int file) {
  if (point == NULL) {
    return;
  }
  if (names(file, ".part")) {
    at("file-synced");
  } else if (names(file, "/checkpoints")) {
    at("folder-synced");
  } else if (names(file, ".mv.db")) {
    at("row-synced");
  }
}

int fsync(int file) {
  const int done = (int)syscall(SYS_fsync, file);
  synced(file);
  return done;
}

int fdatasync(int file) {
  const int done = (int)syscall(SYS_fdatasync, file);
  synced(file);
  return done;
}

int rename(const char *from, const char *to) {
  const int done = (int)syscall(SYS_rename, from, to);
  if ((point != NULL) && ends_with(from, ".part")) {
    at("renamed");
  }
  return done;
}
