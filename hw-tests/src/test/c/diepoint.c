/* Preloaded into a device program under test: kills it with SIGKILL at its n-th call of those below, told by
 * DIEPOINT=<n>, counted from 1. The program itself is what users run. What a call was about to do is then not done, or,
 * where it moves bytes, half done. */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long calls_left;

__attribute__((constructor)) static void begin(void) {
  const char *count = getenv("DIEPOINT");
  calls_left = (count != NULL) ? atol(count) : 0;
}

static _Bool due(void) {
  --calls_left;
  return calls_left == 0;
}

static void die(const char *where) {
  dprintf(STDERR_FILENO, "killed at %s\n", where);
  (void)kill(getpid(), SIGKILL);
  for (;;) {
    (void)pause();
  }
}

ssize_t send(int file, const void *bytes, size_t size, int flags) {
  const _Bool last = due();
  const ssize_t done = syscall(SYS_sendto, file, bytes, last ? (size / 2u) : size, flags, NULL, 0);
  if (last) {
    die("send");
  }
  return done;
}

ssize_t recv(int file, void *bytes, size_t size, int flags) {
  const ssize_t done = syscall(SYS_recvfrom, file, bytes, size, flags, NULL, NULL);
  if (due()) {
    die("recv");
  }
  return done;
}

ssize_t write(int file, const void *bytes, size_t size) {
  const _Bool last = (file != STDERR_FILENO) && due();
  const ssize_t done = syscall(SYS_write, file, bytes, last ? (size / 2u) : size);
  if (last) {
    die("write");
  }
  return done;
}

int fsync(int file) {
  if (due()) {
    die("fsync");
  }
  return (int)syscall(SYS_fsync, file);
}

int rename(const char *from, const char *to) {
  if (due()) {
    die("rename");
  }
  return (int)syscall(SYS_rename, from, to);
}

int ppoll(struct pollfd *files, nfds_t count, const struct timespec *limit, const sigset_t *mask) {
  struct timespec left = {0, 0};
  if (limit != NULL) {
    left = *limit;
  }
  if (due()) {
    die("ppoll");
  }
  return (int)syscall(SYS_ppoll, files, count, (limit != NULL) ? &left : NULL, mask, (size_t)8);
}
