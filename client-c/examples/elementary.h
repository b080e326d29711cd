/*
 * exp and log of binary32 numbers from additions, multiplications and divisions alone, in a fixed order: the same bits
 * on every machine with IEEE arithmetic, which the C library's own do not promise. Accurate to 2 units in the last
 * place over the ranges below.
 */
#ifndef ELEMENTARY_H
#define ELEMENTARY_H

/* e^x; x below -87 counts as -87, above 88 as 88: no subnormal and no infinite result. */
float elementary_exp(float x);

/* Natural logarithm; x must be a positive normal number. */
float elementary_log(float x);

#endif
