/* What the compiler is asked for beyond C11: the one file to change for another compiler. */
#ifndef SPW_COMPILER_H
#define SPW_COMPILER_H

/* The byte order of numbers in memory: 1 is big-endian. */
#if defined(__BYTE_ORDER__) && (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define SPW_BIG_ENDIAN 1
#else
#define SPW_BIG_ENDIAN 0
#endif

/* Kept a function of its own, so that its stack is not held while other callees of its caller run. Costs stack, and
 * nothing else, where it is empty. */
#if defined(__GNUC__)
#define SPW_NOINLINE __attribute__((noinline))
#else
#define SPW_NOINLINE
#endif

#endif
