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

#endif
