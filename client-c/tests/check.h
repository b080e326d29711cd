/* cmocka and what it wants included before it, in an order no formatter may change. */
#ifndef CHECK_H
#define CHECK_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
