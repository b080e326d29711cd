/*
 * What a fuzzer calls, libFuzzer's entry point: one input, which must do no harm. A harm aborts. Deterministic, and
 * independent of the inputs before.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

/* In every build, whatever NDEBUG says. */
#define FUZZ_CHECK(condition)                                               \
  do {                                                                      \
    if (!(condition)) {                                                     \
      (void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      abort();                                                              \
    }                                                                       \
  } while (0)

/* An input, read as numbers; after its end all are 0. */
typedef struct {
  const uint8_t *bytes;
  size_t size;
  size_t at;
} fuzz_input_t;

static inline uint32_t fuzz_byte(fuzz_input_t *input) {
  uint32_t byte = 0u;
  if (input->at < input->size) {
    byte = input->bytes[input->at];
    ++input->at;
  }
  return byte;
}

static inline uint32_t fuzz_below(fuzz_input_t *input, uint32_t bound) {
  return fuzz_byte(input) % bound;
}

#endif
