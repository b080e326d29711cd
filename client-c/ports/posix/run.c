/* Time, randomness and the main loop. */
#define _GNU_SOURCE /* ppoll, getrandom */

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "speedwell/posix.h"

enum { SLICES = 8 }; /* between two looks at the stream */

uint32_t spw_posix_now_ms(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint32_t)(((uint64_t)now.tv_sec * 1000u) + ((uint64_t)now.tv_nsec / 1000000u));
}

uint64_t spw_posix_seed(void) {
  uint64_t seed = 0u;
  if (getrandom(&seed, sizeof seed, 0u) != (ssize_t)sizeof seed) {
    struct timespec now; /* a kernel without it: differs at least per process and boot */
    (void)clock_gettime(CLOCK_REALTIME, &now);
    seed = ((uint64_t)now.tv_sec << 32u) ^ (uint64_t)now.tv_nsec ^ ((uint64_t)getpid() << 20u);
  }
  return seed;
}

/* Waits with the given signal mask; NULL leaves the mask alone. */
static void wait_with(const spw_posix_tcp_t *tcp, const spw_wish_t *wish, const sigset_t *mask) {
  const uint32_t left = wish->wake_at_ms - spw_posix_now_ms();
  const bool due = wish->cpu || (left == 0u) || (left >= 0x80000000u); /* the clock wraps: half of it is the past */
  struct timespec limit = {0, 0};
  struct pollfd watched = {.fd = tcp->descriptor, .events = 0, .revents = 0};
  if (!due) {
    limit.tv_sec = (time_t)(left / 1000u);
    limit.tv_nsec = (long)(left % 1000u) * 1000000L;
  }
  if (wish->read) {
    watched.events = (short)(watched.events | POLLIN);
  }
  if (wish->write) {
    watched.events = (short)(watched.events | POLLOUT);
  }
  /* A descriptor nobody asks about would still report a hang-up, again and again. */
  if (watched.events == 0) {
    watched.fd = -1;
  }
  (void)ppoll(&watched, 1u, &limit, mask);
}

void spw_posix_wait(const spw_posix_tcp_t *tcp, const spw_wish_t *wish) {
  wait_with(tcp, wish, NULL);
}

void spw_posix_loop(spw_wish_t (*step)(void *self, uint32_t now_ms, uint32_t slices), void *self,
                    const spw_posix_tcp_t *tcp, uint32_t pace_ms, const volatile sig_atomic_t *stop) {
  const uint32_t slices = (pace_ms != 0u) ? 1u : (uint32_t)SLICES;
  sigset_t held;
  sigset_t before;
  (void)sigemptyset(&held);
  (void)sigaddset(&held, SIGINT);
  (void)sigaddset(&held, SIGTERM);
  (void)sigprocmask(SIG_BLOCK, &held, &before);
  while ((stop == NULL) || (*stop == 0)) {
    const uint32_t now = spw_posix_now_ms();
    spw_wish_t wish = step(self, now, slices);
    if (wish.cpu && (pace_ms != 0u)) {
      wish.cpu = false;
      wish.wake_at_ms = now + pace_ms;
    }
    wait_with(tcp, &wish, &before);
  }
  (void)sigprocmask(SIG_SETMASK, &before, NULL);
}

static spw_wish_t step_client(void *self, uint32_t now_ms, uint32_t slices) {
  return spw_client_step((spw_client_t *)self, now_ms, slices);
}

void spw_posix_run(spw_client_t *client, const spw_posix_tcp_t *tcp, uint32_t pace_ms,
                   const volatile sig_atomic_t *stop) {
  spw_posix_loop(step_client, client, tcp, pace_ms, stop);
  spw_client_stop(client);
}
