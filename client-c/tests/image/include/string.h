/* The three functions that the core wants of a C library. The probe brings them: it links none. */
#ifndef PROBE_STRING_H
#define PROBE_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);

#endif
