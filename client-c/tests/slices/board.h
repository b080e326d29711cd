/* A bare board under QEMU: a counter of time, and words through semihosting. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Ticks of SysTick so far; it must be read again before 2^24 have passed. */
uint32_t board_ticks(void);
void board_say(const char *text);
void board_say_number(uint32_t number);
/* Ends QEMU; its exit code is 0 if good, else 1. */
_Noreturn void board_exit(uint32_t good);

#endif
