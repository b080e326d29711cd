/* Frames: a minimal varint32 length, then the message. Limits count the whole frame, length included. */
#ifndef SPW_FRAME_H
#define SPW_FRAME_H

#include <stdint.h>

#include "codec.h"

enum { SPW_FRAME_MOST = 1048576 };

typedef enum {
  SPW_FRAME_WHOLE = 0,
  SPW_FRAME_MORE = 1, /* the frame is not complete yet */
  SPW_FRAME_BAD = 2   /* a length that is 0, not minimal, or above the limit */
} spw_frame_t;

/* Looks for a frame at the start of `bytes`, as far as it was received. When whole: *message is the span of its
 * message, and the frame ends where that ends. Bad lengths are seen as early as possible. */
/*@ requires spw_readable(bytes) && \valid(message) && limit <= SPW_FRAME_MOST;
    requires \separated(bytes, message, bytes->base + (0 .. bytes->end - 1));
    assigns *message;
    ensures inside: \result == SPW_FRAME_WHOLE ==>
      message->base == bytes->base && bytes->at < message->at < message->end <= bytes->end;
    ensures room: \result == SPW_FRAME_MORE && limit >= 5 && bytes->at <= bytes->end ==>
      bytes->end - bytes->at < limit; */
spw_frame_t spw_frame_find(const spw_span_t *bytes, uint32_t limit, spw_span_t *message);

/* Writes one frame, of member `number` with this body, into an empty sink. */
void spw_frame_write(const spw_outer_t *outer, uint32_t number, const void *body, spw_sink_t *out);

#endif
