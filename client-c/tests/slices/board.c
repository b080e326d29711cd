#include "board.h"

#include <stddef.h>
#include <string.h>

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define CPACR (*(volatile uint32_t *)0xE000ED88u)

enum { SYS_WRITE0 = 0x04, SYS_EXIT = 0x18, STOPPED_GOOD = 0x20026, STOPPED_BAD = 0x20023 };

int main(void);
_Noreturn void board_reset(void);

static uintptr_t semihost(uint32_t operation, uintptr_t argument) {
  register uintptr_t r0 __asm__("r0") = operation;
  register uintptr_t r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

uint32_t board_ticks(void) {
  static uint32_t last = 0xFFFFFFu;
  static uint32_t sum = 0u;
  const uint32_t now = SYST_CVR;
  sum += (last - now) & 0xFFFFFFu;
  last = now;
  return sum;
}

void board_say(const char *text) {
  (void)semihost(SYS_WRITE0, (uintptr_t)text);
}

void board_say_number(uint32_t number) {
  char text[11];
  size_t at = sizeof(text) - 1u;
  uint32_t rest = number;
  text[at] = '\0';
  do {
    --at;
    text[at] = (char)('0' + (rest % 10u));
    rest /= 10u;
  } while (rest != 0u);
  board_say(&text[at]);
}

_Noreturn void board_exit(uint32_t good) {
  for (;;) {
    (void)semihost(SYS_EXIT, (good != 0u) ? STOPPED_GOOD : STOPPED_BAD);
  }
}

_Noreturn void board_reset(void) {
#if defined(__ARM_FP)
  CPACR |= 0xF00000u;
  __asm__ volatile("dsb\n isb");
#endif
  SYST_RVR = 0xFFFFFFu;
  SYST_CVR = 0u;
  SYST_CSR = 5u;
  board_exit((uint32_t)main());
}

static _Noreturn void fault(void) {
  board_say("fault\n");
  board_exit(0u);
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16])(void) = {
    (void (*)(void))0x20400000u, board_reset, fault, fault, fault, fault, fault};

#if defined(__ARM_FEATURE_UNALIGNED)
typedef uint32_t __attribute__((may_alias, aligned(1))) word_t;
#else
typedef uint32_t __attribute__((may_alias)) word_t;
#endif

/* What a C library brings. A word at a time where the core reads words from any address, or both are aligned. */
void *memcpy(void *to, const void *from, size_t size) {
  uint8_t *out = to;
  const uint8_t *in = from;
  size_t left = size;
#if defined(__ARM_FEATURE_UNALIGNED)
  const uint32_t apart = 0u;
#else
  const uint32_t apart = ((uintptr_t)out | (uintptr_t)in) & 3u;
#endif
  if (apart == 0u) {
    for (; left >= 4u; left -= 4u) {
      *(word_t *)out = *(const word_t *)in;
      out += 4;
      in += 4;
    }
  }
  for (; left > 0u; --left) {
    *(volatile uint8_t *)out = *in;
    ++out;
    ++in;
  }
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  uint8_t *out = to;
  const uint8_t *in = from;
  if (out <= in) {
    return memcpy(to, from, size); /* it goes upwards */
  }
  for (size_t i = size; i > 0u; --i) {
    *(volatile uint8_t *)&out[i - 1u] = in[i - 1u];
  }
  return to;
}

void *memset(void *to, int value, size_t size) {
  uint8_t *out = to;
  for (size_t i = 0u; i < size; ++i) {
    *(volatile uint8_t *)&out[i] = (uint8_t)value;
  }
  return to;
}
