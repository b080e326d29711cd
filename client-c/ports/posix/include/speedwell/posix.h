/*
 * POSIX port: a TCP stream, a clock, a seed and a main loop for the Speedwell client.
 *
 * No heap, no threads, no output. All state is in the caller's objects; each of them belongs to one thread.
 * A whole device in one object is spw_posix_device_t; whoever wants other buffers or another loop puts the pieces
 * together: spw_posix_tcp_init, spw_client_init, and spw_posix_run, spw_posix_loop, or a loop of spw_client_step and
 * spw_posix_wait.
 */
#ifndef SPEEDWELL_POSIX_H
#define SPEEDWELL_POSIX_H

#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "speedwell/client.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SPW_POSIX_HOST_MAX = 253, SPW_POSIX_ADDRESSES = 8 };

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} spw_posix_address_t;

/* A TCP stream to one server. Only `transport` is for use; the rest is private. */
typedef struct {
  spw_transport_t transport; /* give its address to the client */
  char host[SPW_POSIX_HOST_MAX + 1];
  char port[6];
  spw_posix_address_t addresses[SPW_POSIX_ADDRESSES];
  uint32_t address_count;
  uint32_t address_next; /* the one to try next */
  int descriptor;        /* -1: none */
  bool connected;
  int lookup_error; /* of getaddrinfo, 0: none */
  int system_error; /* errno, 0: none */
} spw_posix_tcp_t;

/* Makes a closed stream to `server`: "HOST:PORT", HOST a name, an IPv4 address or an IPv6 address in brackets, PORT
 * 1..65535. The object must not move afterwards. SPW_BAD_ARGUMENT: not of this form.
 *
 * Opening tries every address of the name, one after the other, without blocking. A name is looked up by the C
 * library, at each opening anew, and that may block for as long as its resolver takes; an address does not. */
spw_status_t spw_posix_tcp_init(spw_posix_tcp_t *tcp, const char *server);

/* Why the stream was lost or could not be opened the last time, in words of the system; "" if it was not, or if
 * the client closed it for reasons of its own, for example because the server stayed silent. */
const char *spw_posix_tcp_error(const spw_posix_tcp_t *tcp);

/* Sleeps until the stream is ready as wished or wish->wake_at_ms is there; returns earlier on a signal, and at once
 * if wish->cpu. */
void spw_posix_wait(const spw_posix_tcp_t *tcp, const spw_wish_t *wish);

/* Milliseconds of the monotonic clock, modulo 2^32: what spw_client_step wants. */
uint32_t spw_posix_now_ms(void);

/* 64 random bits of the system, for spw_client_config_t.seed. */
uint64_t spw_posix_seed(void);

/* Calls `step` with `self` again and again, as the wishes say, until *stop is not 0 (set by a signal handler; NULL: for
 * ever): for a client with a keeper, say, which is stepped by spw_keep_step.
 * SIGINT and SIGTERM are held back but while it sleeps, so that neither is missed on the way to sleep.
 * pace_ms > 0: one slice of training, then a pause of so long, for a device whose processor has other work;
 * 0: training runs without pauses. */
void spw_posix_loop(spw_wish_t (*step)(void *self, uint32_t now_ms, uint32_t slices), void *self,
                    const spw_posix_tcp_t *tcp, uint32_t pace_ms, const volatile sig_atomic_t *stop);

/* The same for a client alone; stops it at the end, which says Bye. */
void spw_posix_run(spw_client_t *client, const spw_posix_tcp_t *tcp, uint32_t pace_ms,
                   const volatile sig_atomic_t *stop);

/* A device with buffers of usual sizes; nothing in it needs setting. */
typedef struct {
  spw_client_t client;
  spw_client_config_t config;
  spw_posix_tcp_t tcp;
  uint8_t receive[4096];
  uint8_t send[4096];
  uint8_t settings[4096]; /* the run's configuration, at its largest */
  uint8_t metrics[1024];
} spw_posix_device_t;

/* Takes part as the device `id` at `server` ("HOST:PORT") with `trainer`, until *stop is not 0 (NULL: for ever).
 * SPW_OK: it was stopped. Otherwise nothing was begun: a status of spw_posix_tcp_init or spw_client_init. */
spw_status_t spw_posix_device_run(spw_posix_device_t *device, const char *server, const char *id,
                                  const spw_trainer_t *trainer, const volatile sig_atomic_t *stop);

#ifdef __cplusplus
}
#endif

#endif
