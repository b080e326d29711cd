/*
 * Codec: strict, flat, table-driven protobuf over nanopb's generated descriptors.
 *
 * It knows what speedwell.proto uses: an outer message with one oneof of messages, whose bodies hold uint32, bool,
 * fixed32, fixed64, float, bytes and packed uint32 or fixed32. No recursion, no callbacks, no copies of bytes.
 */
#ifndef SPW_CODEC_H
#define SPW_CODEC_H

#include <pb.h>
#include <stdbool.h>
#include <stdint.h>

#include "span.h"
#include "speedwell/view.h"

typedef enum {
  SPW_DECODED = 0,
  SPW_UNKNOWN = 1,  /* a member of the oneof that this version does not know; its body was not looked at */
  SPW_MALFORMED = 2 /* breaks a rule of PROTOCOL.md, section 2 */
} spw_decoded_t;

/* Decodes one outer message (without the frame's length) into `message`, the struct that nanopb generated for `outer`,
 * all zeros before. *number becomes the outer field number (0 if malformed before it). Bytes are views into the span.
 */
spw_decoded_t spw_decode(const pb_msgdesc_t *outer, const spw_span_t *bytes, void *message, uint32_t *number);

/* Encodes in canonical form; returns the size of the whole encoding. When that is above capacity, nothing beyond
 * capacity was written and the bytes are of no use: capacity 0 measures. A bytes field with a size and bytes == NULL
 * leaves room: whoever encodes fills it in afterwards. An outer message without a member has size 0. */
uint32_t spw_encode(const pb_msgdesc_t *outer, const void *message, uint8_t *bytes, uint32_t capacity);

/* Reads a varint of at most 64 bits from the front of `in`; false: overlong, too large, or truncated: then nothing was
 * taken. *value becomes its lower 32 bits, *wide whether there are others. */
bool spw_take_varint(spw_span_t *in, uint32_t *value, bool *wide);

/* Writes a varint of 1..5 bytes and returns its size. */
uint32_t spw_put_varint(uint8_t bytes[5], uint32_t value);

#endif
