/*
 * Codec: strict, flat, table-driven protobuf. It knows what speedwell.proto uses: an outer message with one oneof of
 * messages, whose bodies hold uint32, bool, fixed32, fixed64, float, bytes and packed uint32 or fixed32. No recursion,
 * no callbacks, no copies of bytes or lists.
 */
#ifndef SPW_CODEC_H
#define SPW_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#include "messages.h"
#include "span.h"
#include "speedwell/view.h"

typedef enum {
  SPW_DECODED = 0,
  SPW_UNKNOWN = 1,  /* a member of the oneof that this version does not know; its body was not looked at */
  SPW_MALFORMED = 2 /* breaks a rule of PROTOCOL.md, section 2 */
} spw_decoded_t;

/* Decodes one outer message (without the frame's length) into `body`, which has room for every member of the oneof:
 * it becomes the struct that nanopb generated for the member found. *number becomes the outer field number (0 if
 * malformed before it). Bytes and lists are views into the span; lists are checked: at most 8 elements, each in range.
 */
spw_decoded_t spw_decode(const spw_outer_t *outer, const spw_span_t *bytes, uint32_t *number, void *body);

/* Where a message is written: from the end of the free bytes to the front, so that every length is known when it is
 * written. What does not fit is only counted: a size above the capacity says so, and the bytes are of no use then; a
 * capacity of 0 measures. */
typedef struct {
  uint8_t *bytes;
  uint32_t room; /* bytes free, from the front; at first the capacity */
  uint32_t size; /* bytes written or counted; at first 0 */
} spw_sink_t;

/* Encodes member `number` (1..outer->count) in canonical form. A bytes field with a size and bytes == NULL leaves room:
 * whoever encodes fills it in afterwards. */
void spw_encode(const spw_outer_t *outer, uint32_t number, const void *body, spw_sink_t *out);

/* Reads a varint of at most 64 bits from the front of `in`; false: overlong, too large, or truncated: then nothing was
 * taken. *value becomes its lower 32 bits, *wide whether there are others. */
/*@ requires spw_readable(in) && \valid(in) && \valid(value) && \valid(wide);
    requires \separated(in, value, wide, in->base + (0 .. in->end - 1));
    assigns in->at, *value, *wide;
    ensures progress: \result ==> \old(in->at) < in->at <= in->end;
    ensures untouched: in->at == \old(in->at) ==> *value == \old(*value); */
bool spw_take_varint(spw_span_t *in, uint32_t *value, bool *wide);

/* Writes a varint of 1..5 bytes and returns its size. */
/*@ requires \valid(bytes + (0 .. 4));
    assigns bytes[0 .. 4];
    ensures 1 <= \result <= 5; */
uint32_t spw_put_varint(uint8_t bytes[5], uint32_t value);

/* Puts a varint in front of what was written. */
void spw_put_u32(spw_sink_t *out, uint32_t value);

#endif
