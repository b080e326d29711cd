/*
 * Encoding: how an update is written on the wire. Plain (f32, the values themselves) is built in; others are given to
 * the client by reference, so that a device carries only what it uses.
 *
 * Anything random in an encoding must be a function of (seed, index): bytes sent again are the same bytes.
 */
#ifndef SPEEDWELL_ENCODING_H
#define SPEEDWELL_ENCODING_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  void *self;
  uint32_t id;       /* Encoding of speedwell.proto; 1..31 */
  uint32_t capacity; /* elements of the largest update it can take; a run with a larger one is refused */
  /* Remember the base: element values of the update's tensors as they came, called piece by piece, in order, when the
   * parameters are complete. first is the index of values[0] within the update, count >= 1. */
  void (*base)(void *self, uint32_t first, const float *values, uint32_t count);
  /* Write the four little-endian bytes of element `index` of the update, now `value`: once for the checksum, and again
   * whenever it is sent. Never re-entered. */
  void (*element)(void *self, uint32_t index, float value, uint8_t bytes[4]);
} spw_encoding_t;

/* f32 delta: new minus base. The caller gives room for the base of every element of the update. */
typedef struct {
  float *base;
  uint32_t capacity; /* elements */
} spw_delta_t;

/* Makes the encoding f32 delta over `delta`; both must outlive the client. (learn/delta.c; library speedwell_learn) */
void spw_encoding_delta(spw_encoding_t *encoding, spw_delta_t *delta);

#ifdef __cplusplus
}
#endif

#endif
