/*
 * Transport: a reliable, ordered byte stream, given by the port. No function may block.
 *
 * Every function gets the context below. Returned numbers:
 *   > 0  done (open: the stream is ready; send, receive: bytes moved, never more than asked)
 *     0  not now: nothing is lost, the client calls again when the port saw the stream ready (see spw_wish_t)
 *   < 0  the stream is lost; the client calls close and comes back with open after a back-off
 * The end of the stream is a loss: receive returns a negative number, never 0.
 *
 * open    begins or goes on connecting; called until it returns non-zero.
 * close   gives everything back; harmless when nothing is open.
 * send    takes up to size bytes (size >= 1); bytes are free to change when it returns.
 * receive puts up to capacity bytes (capacity >= 1).
 */
#ifndef SPEEDWELL_TRANSPORT_H
#define SPEEDWELL_TRANSPORT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  void *context;
  int32_t (*open)(void *context);
  void (*close)(void *context);
  int32_t (*send)(void *context, const uint8_t *bytes, uint32_t size);
  int32_t (*receive)(void *context, uint8_t *bytes, uint32_t capacity);
} spw_transport_t;

#ifdef __cplusplus
}
#endif

#endif
