/*
 * A flash chip in memory whose power can fail at every erased page and every programmed unit: what was under way is
 * then left torn. It holds the store to the chip's rules: aligned, one thing at a time, nothing programmed twice
 * between two erases, what is programmed reads as erased, sources that stay as they are. Seeded; the same arguments,
 * the same bits.
 */
#ifndef FLASH_MODEL_H
#define FLASH_MODEL_H

#include "speedwell/flash.h"
#include "testing.h"

enum { MODEL_BYTES = 8192, MODEL_PAGES = 128, MODEL_BASE = 0x08010000, MODEL_NEVER = 0x7FFFFFFF };

typedef struct {
  spw_flash_device_t device; /* for the store; page_size, program_size and erased are the test's to change */
  uint8_t bytes[MODEL_BYTES];
  bool touched[MODEL_BYTES]; /* programmed, or begun to be, since the last erase */
  bool torn[MODEL_BYTES];    /* a cut came while it was programmed or erased */
  bool strict;               /* also what a cut has left reading as erased is not programmed again */
  bool corrects;             /* what is torn cannot be read: the chip's error correction says so */
  uint64_t random;
  uint32_t cut_at;  /* the step at which the power fails; counts from the first step of this model */
  bool dead;        /* it has failed */
  uint32_t fail_at; /* the step that fails by itself, the power stays */
  uint32_t latency; /* polls until something has ended */
  uint32_t steps;   /* pages erased and units programmed, begun or done */
  uint32_t erases[MODEL_PAGES];
  uint32_t programs; /* units */
  /* what is under way */
  const uint8_t *source;
  uint8_t copy[MODEL_BYTES];
  uint32_t size;
  uint32_t waits;
  int32_t verdict;
  bool busy;
} flash_model_t;

/* An erased chip with pages of `page_size` bytes and units of `program_size`. */
void model_init(flash_model_t *self, uint32_t page_size, uint32_t program_size, uint8_t erased, uint64_t seed);

/* The power comes back. */
void model_power(flash_model_t *self);

#endif
