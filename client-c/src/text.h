/* Zero-terminated texts of the caller: identifiers, names and keys. */
#ifndef SPW_TEXT_H
#define SPW_TEXT_H

#include <stdint.h>

/* The length, counted up to limit + 1: a result above limit means too long. */
uint32_t spw_text_length(const char *text, uint32_t limit);

#endif
