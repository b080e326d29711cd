#include "frame.h"

#include <string.h>

#include "bytes.h"
#include "codec.h"

spw_frame_t spw_frame_find(spw_view_t bytes, uint32_t limit, spw_view_t *message) {
  spw_view_t in = bytes;
  uint64_t length = 0u;
  spw_frame_t found = SPW_FRAME_MORE;
  if (!spw_take_varint(&in, &length)) {
    /* No length yet. All bytes so far go on; five of them already are more than 32 bits. */
    const uint32_t taken = bytes.size - in.size;
    if ((in.size > 0u) || (taken > 4u) || ((taken > 0u) && (bytes.bytes[taken - 1u] == 0u))) {
      found = SPW_FRAME_BAD;
    }
  } else if ((length == 0u) || (length > limit) || ((length + (bytes.size - in.size)) > limit)) {
    found = SPW_FRAME_BAD;
  } else if (length <= in.size) {
    message->bytes = in.bytes;
    message->size = (uint32_t)length;
    found = SPW_FRAME_WHOLE;
  } else {
    /* the rest is still to come */
  }
  return found;
}

uint32_t spw_frame_write(const pb_msgdesc_t *outer, const void *message, uint8_t *bytes, uint32_t capacity) {
  uint8_t length[5];
  const uint32_t size = spw_encode(outer, message, NULL, 0u);
  const uint32_t head = spw_put_varint(length, size);
  if ((head + size) <= capacity) {
    (void)memcpy(bytes, length, head);
    (void)spw_encode(outer, message, &bytes[head], size);
  }
  return head + size;
}
