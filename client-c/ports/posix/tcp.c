/* A TCP stream that never blocks. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "speedwell/posix.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

enum { AGAIN = 0, LOST = -1, OPEN = 1 };

static void drop_descriptor(spw_posix_tcp_t *tcp) {
  if (tcp->descriptor >= 0) {
    (void)close(tcp->descriptor);
  }
  tcp->descriptor = -1;
  tcp->connected = false;
}

static int32_t lost(spw_posix_tcp_t *tcp, int error) {
  tcp->system_error = error;
  tcp->lookup_error = 0;
  return (int32_t)LOST;
}

/* Fills the list of addresses. The C library's list is given back before this returns. */
static bool look_up(spw_posix_tcp_t *tcp) {
  struct addrinfo hints;
  struct addrinfo *found = NULL;
  (void)memset(&hints, 0, sizeof hints);
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  tcp->address_count = 0u;
  tcp->address_next = 0u;
  tcp->lookup_error = getaddrinfo(tcp->host, tcp->port, &hints, &found);
  tcp->system_error = (tcp->lookup_error == EAI_SYSTEM) ? errno : 0;
  if (tcp->lookup_error == 0) {
    for (const struct addrinfo *a = found; a != NULL; a = a->ai_next) {
      const bool known = (a->ai_family == AF_INET) || (a->ai_family == AF_INET6);
      if (known && (a->ai_addrlen <= sizeof tcp->addresses[0]) &&
          (tcp->address_count < (uint32_t)SPW_POSIX_ADDRESSES)) {
        (void)memcpy(&tcp->addresses[tcp->address_count], a->ai_addr, a->ai_addrlen);
        tcp->address_count++;
      }
    }
    freeaddrinfo(found);
    tcp->system_error = (tcp->address_count == 0u) ? EADDRNOTAVAIL : 0;
  }
  return tcp->address_count != 0u;
}

/* Begins to connect to the next address. Returns 0 or the error. */
static int begin(spw_posix_tcp_t *tcp) {
  const spw_posix_address_t *address = &tcp->addresses[tcp->address_next];
  const int family = address->any.sa_family;
  const socklen_t size = (socklen_t)((family == AF_INET) ? sizeof address->v4 : sizeof address->v6);
  const int on = 1;
  int error = 0;
  tcp->address_next++;
  tcp->descriptor = socket(family, SOCK_STREAM, 0);
  if (tcp->descriptor < 0) {
    error = errno;
  } else if ((fcntl(tcp->descriptor, F_SETFD, FD_CLOEXEC) < 0) || (fcntl(tcp->descriptor, F_SETFL, O_NONBLOCK) < 0)) {
    error = errno;
  } else {
    (void)setsockopt(tcp->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, (socklen_t)sizeof on);
    if ((connect(tcp->descriptor, &address->any, size) < 0) && (errno != EINPROGRESS) && (errno != EINTR)) {
      error = errno;
    }
  }
  return error;
}

/* How far connecting is: 0 with *ready, or an error. */
static int progress(const spw_posix_tcp_t *tcp, bool *ready) {
  struct pollfd watched = {.fd = tcp->descriptor, .events = POLLOUT, .revents = 0};
  int error = 0;
  *ready = false;
  if (poll(&watched, 1u, 0) > 0) {
    socklen_t size = (socklen_t)sizeof error;
    if (getsockopt(tcp->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) < 0) {
      error = errno;
    }
    *ready = (error == 0);
  }
  return error;
}

static int32_t tcp_open(void *context) {
  spw_posix_tcp_t *tcp = (spw_posix_tcp_t *)context;
  bool ready = tcp->connected;
  int error = 0;
  if ((tcp->descriptor < 0) && !look_up(tcp)) {
    return (int32_t)LOST;
  }
  if ((tcp->descriptor >= 0) && !ready) {
    error = progress(tcp, &ready);
  } else if (!ready) {
    error = begin(tcp);
  } else {
    /* open already */
  }
  while ((error != 0) && (tcp->address_next < tcp->address_count)) {
    drop_descriptor(tcp);
    error = begin(tcp);
  }
  if (error != 0) {
    drop_descriptor(tcp);
    return lost(tcp, error);
  }
  tcp->connected = ready;
  if (ready) {
    tcp->system_error = 0;
    tcp->lookup_error = 0;
  }
  return ready ? (int32_t)OPEN : (int32_t)AGAIN;
}

static void tcp_close(void *context) {
  drop_descriptor((spw_posix_tcp_t *)context);
}

/* What a failed send or receive means. */
static int32_t failed(spw_posix_tcp_t *tcp, int error) {
  const bool later = (error == EAGAIN) || (error == EWOULDBLOCK) || (error == EINTR);
  return later ? (int32_t)AGAIN : lost(tcp, error);
}

static int32_t tcp_send(void *context, const uint8_t *bytes, uint32_t size) {
  spw_posix_tcp_t *tcp = (spw_posix_tcp_t *)context;
  const uint32_t most = (size > (uint32_t)INT32_MAX) ? (uint32_t)INT32_MAX : size;
  const ssize_t moved = send(tcp->descriptor, bytes, most, MSG_NOSIGNAL);
  return (moved >= 0) ? (int32_t)moved : failed(tcp, errno);
}

static int32_t tcp_receive(void *context, uint8_t *bytes, uint32_t capacity) {
  spw_posix_tcp_t *tcp = (spw_posix_tcp_t *)context;
  const uint32_t most = (capacity > (uint32_t)INT32_MAX) ? (uint32_t)INT32_MAX : capacity;
  const ssize_t moved = recv(tcp->descriptor, bytes, most, 0);
  int32_t result = (int32_t)moved;
  if (moved < 0) {
    result = failed(tcp, errno);
  } else if (moved == 0) {
    result = lost(tcp, ECONNRESET); /* the end of the stream */
  } else {
    /* bytes came */
  }
  return result;
}

static bool parse_port(const char *text) {
  uint32_t number = 0u;
  size_t digits = 0u;
  while ((text[digits] >= '0') && (text[digits] <= '9') && (digits < 5u)) {
    number = (number * 10u) + (uint32_t)(text[digits] - '0');
    digits++;
  }
  return (text[digits] == '\0') && (number >= 1u) && (number <= 65535u);
}

spw_status_t spw_posix_tcp_init(spw_posix_tcp_t *tcp, const char *server) {
  const char *colon;
  const char *host = server;
  size_t length;
  if ((tcp == NULL) || (server == NULL)) {
    return SPW_BAD_ARGUMENT;
  }
  colon = strrchr(server, ':');
  if ((colon == NULL) || !parse_port(&colon[1])) {
    return SPW_BAD_ARGUMENT;
  }
  length = (size_t)(colon - server);
  if ((length >= 2u) && (host[0] == '[') && (host[length - 1u] == ']')) {
    host++;
    length -= 2u;
  } else if (memchr(host, ':', length) != NULL) {
    return SPW_BAD_ARGUMENT; /* an IPv6 address without brackets: where does it end? */
  } else {
    /* a name or an IPv4 address */
  }
  if ((length == 0u) || (length > (size_t)SPW_POSIX_HOST_MAX)) {
    return SPW_BAD_ARGUMENT;
  }
  (void)memset(tcp, 0, sizeof *tcp);
  (void)memcpy(tcp->host, host, length);
  (void)memcpy(tcp->port, &colon[1], strlen(&colon[1]) + 1u);
  tcp->descriptor = -1;
  tcp->transport.context = tcp;
  tcp->transport.open = tcp_open;
  tcp->transport.close = tcp_close;
  tcp->transport.send = tcp_send;
  tcp->transport.receive = tcp_receive;
  return SPW_OK;
}

const char *spw_posix_tcp_error(const spw_posix_tcp_t *tcp) {
  const char *text = "";
  if ((tcp->lookup_error != 0) && (tcp->lookup_error != EAI_SYSTEM)) {
    text = gai_strerror(tcp->lookup_error);
  } else if (tcp->system_error == ECONNRESET) {
    text = "the connection was closed";
  } else if (tcp->system_error != 0) {
    text = strerror(tcp->system_error);
  } else {
    /* nothing went wrong */
  }
  return text;
}
