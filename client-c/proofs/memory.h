/* What the core uses of the C library, included before anything else: Frama-C's own contracts also ask for a byte
 * behind the pointers where the size is 0, which C does not (7.24.1 and 7.1.4: a size may be 0 then, and the pointer
 * one past the end). */
#ifndef PROOFS_MEMORY_H
#define PROOFS_MEMORY_H

#include <stddef.h>

#define __FC_STRING_H_ /* Frama-C's own is left out */

/*@ requires valid_dest: size == 0 || \valid((char *)to + (0 .. size - 1));
    requires valid_src: size == 0 || \valid_read((char *)from + (0 .. size - 1));
    requires separation: size == 0 || \separated((char *)to + (0 .. size - 1), (char *)from + (0 .. size - 1));
    assigns ((char *)to)[0 .. size - 1] \from ((char *)from)[0 .. size - 1];
    assigns \result \from to;
    ensures \result == to; */
void *memcpy(void *to, const void *from, size_t size);

/*@ requires valid_dest: size == 0 || \valid((char *)to + (0 .. size - 1));
    requires valid_src: size == 0 || \valid_read((char *)from + (0 .. size - 1));
    assigns ((char *)to)[0 .. size - 1] \from ((char *)from)[0 .. size - 1];
    assigns \result \from to;
    ensures \result == to; */
void *memmove(void *to, const void *from, size_t size);

/*@ requires valid_dest: size == 0 || \valid((char *)to + (0 .. size - 1));
    assigns ((char *)to)[0 .. size - 1] \from byte;
    assigns \result \from to;
    ensures \result == to; */
void *memset(void *to, int byte, size_t size);

#endif
