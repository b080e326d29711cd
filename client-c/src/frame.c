#include "frame.h"

spw_frame_t spw_frame_find(const spw_span_t *bytes, uint32_t limit, spw_span_t *message) {
  uint32_t length = 0u;
  bool wide = false;
  spw_frame_t found = SPW_FRAME_MORE;
  *message = *bytes;
  if (!spw_take_varint(message, &length, &wide)) {
    /* Nothing was taken of a length whose end has not come; it may still be good if it is not too long for 32 bits. */
    const bool open = (message->at == bytes->at) && (bytes->end < (bytes->at + 5u));
    found = open ? SPW_FRAME_MORE : SPW_FRAME_BAD;
  } else if (wide || (length == 0u) || (length > limit) || ((message->at + length) > (bytes->at + limit))) {
    found = SPW_FRAME_BAD;
  } else {
    const uint32_t end = message->at + length;
    if (end <= bytes->end) {
      message->end = end;
      found = SPW_FRAME_WHOLE;
    }
  }
  return found;
}

void spw_frame_write(const spw_outer_t *outer, uint32_t number, const void *body, spw_sink_t *out) {
  spw_encode(outer, number, body, out);
  spw_put_u32(out, out->size);
}
