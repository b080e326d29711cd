/* The TCP transport against real sockets on loopback. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "speedwell/posix.h"

enum { PATIENCE_MS = 10000, TAKEN = 65536, BULK = 8000000 };

typedef struct {
  int listener;
  int peer;
  char server[64];
  spw_posix_tcp_t tcp;
} link_t;

static void listen_on(link_t *link, int family) {
  spw_posix_address_t address;
  socklen_t size = (socklen_t)sizeof address;
  (void)memset(link, 0, sizeof *link);
  (void)memset(&address, 0, sizeof address);
  link->peer = -1;
  link->listener = socket(family, SOCK_STREAM, 0);
  assert_true(link->listener >= 0);
  /* A peer whose system takes little ahead, however the machine is tuned. */
  const int taken = TAKEN;
  assert_int_equal(setsockopt(link->listener, SOL_SOCKET, SO_RCVBUF, &taken, sizeof taken), 0);
  address.any.sa_family = (sa_family_t)family;
  if (family == AF_INET) {
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else {
    address.v6.sin6_addr = in6addr_loopback;
  }
  size = (socklen_t)((family == AF_INET) ? sizeof address.v4 : sizeof address.v6);
  assert_int_equal(bind(link->listener, &address.any, size), 0);
  assert_int_equal(listen(link->listener, 4), 0);
  assert_int_equal(getsockname(link->listener, &address.any, &size), 0);
  const unsigned int port = ntohs((family == AF_INET) ? address.v4.sin_port : address.v6.sin6_port);
  (void)snprintf(link->server, sizeof link->server, (family == AF_INET) ? "127.0.0.1:%u" : "[::1]:%u", port);
}

static void wait_for(link_t *link, bool read, bool write) {
  const spw_wish_t wish = {read, write, false, spw_posix_now_ms() + (uint32_t)PATIENCE_MS};
  spw_posix_wait(&link->tcp, &wish);
}

static int32_t open_now(link_t *link) {
  const spw_transport_t *t = &link->tcp.transport;
  int32_t result = t->open(t->context);
  for (int tries = 0; (result == 0) && (tries < 20); tries++) {
    wait_for(link, false, true);
    result = t->open(t->context);
  }
  return result;
}

static void connect_both(link_t *link, int family) {
  listen_on(link, family);
  assert_int_equal(spw_posix_tcp_init(&link->tcp, link->server), SPW_OK);
  assert_true(open_now(link) > 0);
  link->peer = accept(link->listener, NULL, NULL);
  assert_true(link->peer >= 0);
}

static void drop(link_t *link) {
  link->tcp.transport.close(link->tcp.transport.context);
  (void)close(link->listener);
  if (link->peer >= 0) {
    (void)close(link->peer);
  }
}

static void takes_servers_of_the_right_form_only(void **state) {
  const char *const good[] = {"localhost:1", "127.0.0.1:65535", "[::1]:7070", "fleet.example.org:07070"};
  const char *const bad[] = {"",         "localhost",    ":7070",  "localhost:", "localhost:0", "localhost:65536",
                             "a:123456", "localhost:7x", "::1:70", "[]:7070",    "host:-1",     "host: 1"};
  char host[300];
  spw_posix_tcp_t tcp;
  (void)state;
  for (size_t i = 0u; i < (sizeof good / sizeof good[0]); i++) {
    assert_int_equal(spw_posix_tcp_init(&tcp, good[i]), SPW_OK);
    assert_string_equal(spw_posix_tcp_error(&tcp), "");
  }
  for (size_t i = 0u; i < (sizeof bad / sizeof bad[0]); i++) {
    assert_int_equal(spw_posix_tcp_init(&tcp, bad[i]), SPW_BAD_ARGUMENT);
  }
  (void)memset(host, 'a', sizeof host);
  (void)memcpy(&host[SPW_POSIX_HOST_MAX], ":1", 3u);
  assert_int_equal(spw_posix_tcp_init(&tcp, host), SPW_OK);
  (void)memcpy(&host[SPW_POSIX_HOST_MAX], "a:1", 4u);
  assert_int_equal(spw_posix_tcp_init(&tcp, host), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_posix_tcp_init(&tcp, NULL), SPW_BAD_ARGUMENT);
}

static void a_refused_connection_is_lost_with_a_reason(void **state) {
  link_t link;
  (void)state;
  listen_on(&link, AF_INET);
  (void)close(link.listener); /* nobody listens there now */
  assert_int_equal(spw_posix_tcp_init(&link.tcp, link.server), SPW_OK);
  assert_true(open_now(&link) < 0);
  assert_string_equal(spw_posix_tcp_error(&link.tcp), strerror(ECONNREFUSED));
  assert_true(open_now(&link) < 0); /* and again: nothing is left over */
  link.tcp.transport.close(link.tcp.transport.context);
  link.tcp.transport.close(link.tcp.transport.context); /* harmless */
}

static void a_name_that_is_none_is_lost_with_a_reason(void **state) {
  link_t link;
  (void)state;
  assert_int_equal(spw_posix_tcp_init(&link.tcp, "a..b:7070"), SPW_OK);
  assert_true(open_now(&link) < 0);
  assert_string_not_equal(spw_posix_tcp_error(&link.tcp), "");
}

static void moves_bytes_without_delay_and_without_blocking(void **state) {
  link_t link;
  uint8_t byte = 0u;
  int on = 0;
  socklen_t size = (socklen_t)sizeof on;
  (void)state;
  connect_both(&link, AF_INET);
  const spw_transport_t *t = &link.tcp.transport;
  assert_true(t->open(t->context) > 0); /* stays open */
  assert_int_equal(getsockopt(link.tcp.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
  assert_int_not_equal(on, 0);
  assert_int_equal(t->receive(t->context, &byte, 1u), 0); /* nothing there: not now */
  assert_int_equal(write(link.peer, "x", 1u), 1);
  wait_for(&link, true, false);
  assert_int_equal(t->receive(t->context, &byte, 1u), 1);
  assert_int_equal(byte, 'x');
  drop(&link);
}

/* Sends more than the system buffers: takes parts, says "not now", and goes on when there is room. */
static void partial_sends_lose_nothing(void **state) {
  static uint8_t sent[BULK];
  static uint8_t got[BULK];
  link_t link;
  uint32_t at = 0u;
  uint32_t received = 0u;
  uint32_t refusals = 0u;
  (void)state;
  for (uint32_t i = 0u; i < (uint32_t)BULK; i++) {
    sent[i] = (uint8_t)((i * 2654435761u) >> 24u);
  }
  connect_both(&link, AF_INET);
  const spw_transport_t *t = &link.tcp.transport;
  while (received < (uint32_t)BULK) {
    int32_t moved = 1;
    while ((at < (uint32_t)BULK) && (moved > 0)) {
      moved = t->send(t->context, &sent[at], (uint32_t)BULK - at);
      assert_true((moved >= 0) && ((uint32_t)moved <= ((uint32_t)BULK - at)));
      at += (uint32_t)moved;
      refusals += (moved == 0) ? 1u : 0u;
    }
    struct pollfd watched = {link.peer, POLLIN, 0};
    assert_int_equal(poll(&watched, 1u, (int)PATIENCE_MS), 1);
    const ssize_t count = read(link.peer, &got[received], (size_t)BULK - received);
    assert_true(count > 0);
    received += (uint32_t)count;
  }
  assert_in_range(refusals, 1u, (uint32_t)BULK);
  assert_memory_equal(sent, got, sizeof sent);
  drop(&link);
}

static void the_end_of_the_stream_is_a_loss(void **state) {
  link_t link;
  uint8_t bytes[8];
  (void)state;
  connect_both(&link, AF_INET);
  const spw_transport_t *t = &link.tcp.transport;
  assert_int_equal(write(link.peer, "last", 4u), 4);
  (void)close(link.peer);
  link.peer = -1;
  wait_for(&link, true, false);
  assert_int_equal(t->receive(t->context, bytes, 8u), 4); /* what came before still counts */
  wait_for(&link, true, false);
  assert_true(t->receive(t->context, bytes, 8u) < 0);
  assert_string_equal(spw_posix_tcp_error(&link.tcp), "the connection was closed");
  drop(&link);
}

/* Writing to a broken stream is a loss, and no SIGPIPE ends the process. */
static void sending_into_a_broken_stream_is_a_loss(void **state) {
  const struct linger reset = {1, 0};
  link_t link;
  (void)state;
  connect_both(&link, AF_INET);
  const spw_transport_t *t = &link.tcp.transport;
  (void)setsockopt(link.peer, SOL_SOCKET, SO_LINGER, &reset, (socklen_t)sizeof reset);
  (void)close(link.peer);
  link.peer = -1;
  wait_for(&link, true, false);
  int32_t moved = t->send(t->context, (const uint8_t *)"x", 1u);
  assert_true(moved < 0);
  moved = t->send(t->context, (const uint8_t *)"x", 1u);
  assert_true(moved < 0);
  drop(&link);
}

static void opens_again_after_a_loss(void **state) {
  link_t link;
  (void)state;
  connect_both(&link, AF_INET);
  link.tcp.transport.close(link.tcp.transport.context);
  (void)close(link.peer);
  assert_true(open_now(&link) > 0);
  link.peer = accept(link.listener, NULL, NULL);
  assert_true(link.peer >= 0);
  drop(&link);
}

/* "localhost" may stand for ::1 first, where nobody listens: the next address is tried. */
static void tries_every_address_of_a_name(void **state) {
  link_t link;
  char server[80];
  (void)state;
  listen_on(&link, AF_INET);
  (void)snprintf(server, sizeof server, "localhost%s", strrchr(link.server, ':'));
  assert_int_equal(spw_posix_tcp_init(&link.tcp, server), SPW_OK);
  assert_true(open_now(&link) > 0);
  drop(&link);
}

static void speaks_ipv6(void **state) {
  link_t link;
  (void)state;
  const int probe = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
  const bool present = (probe >= 0) && (bind(probe, (const struct sockaddr *)&loopback, sizeof loopback) == 0);
  (void)close(probe);
  if (!present) {
    skip();
  }
  connect_both(&link, AF_INET6);
  drop(&link);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(takes_servers_of_the_right_form_only),
      cmocka_unit_test(a_refused_connection_is_lost_with_a_reason),
      cmocka_unit_test(a_name_that_is_none_is_lost_with_a_reason),
      cmocka_unit_test(moves_bytes_without_delay_and_without_blocking),
      cmocka_unit_test(partial_sends_lose_nothing),
      cmocka_unit_test(the_end_of_the_stream_is_a_loss),
      cmocka_unit_test(sending_into_a_broken_stream_is_a_loss),
      cmocka_unit_test(opens_again_after_a_loss),
      cmocka_unit_test(tries_every_address_of_a_name),
      cmocka_unit_test(speaks_ipv6),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
