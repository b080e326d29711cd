/* A view: bytes that belong to somebody else, for as long as the owner says. */
#ifndef SPEEDWELL_VIEW_H
#define SPEEDWELL_VIEW_H

#include <stdint.h>

typedef struct {
  const uint8_t *bytes; /* may be NULL when size is 0 */
  uint32_t size;
} spw_view_t;

#endif
