/* A span: bytes [at, end) of what begins at base. A reader tests at < end before each byte, and end never exceeds what
 * is there: so it is seen at the place of each access that it is inside. */
#ifndef SPW_SPAN_H
#define SPW_SPAN_H

#include <stdint.h>

typedef struct {
  const uint8_t *base;
  uint32_t at;
  uint32_t end;
} spw_span_t;

/* Buffers are below 2^31 bytes, so that no sum of two places overflows. */
/*@ predicate spw_readable(spw_span_t *span) = \valid_read(span) && \valid_read(span->base + (0 .. span->end - 1)) &&
      span->at < 0x80000000 && span->end < 0x80000000; */

#endif
