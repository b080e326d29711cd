#include "flash_model.h"

#include <string.h>

static uint32_t place(const flash_model_t *self, uint32_t address, uint32_t size) {
  (void)self;
  assert_true(address >= (uint32_t)MODEL_BASE);
  assert_true((address - (uint32_t)MODEL_BASE) <= (uint32_t)MODEL_BYTES);
  assert_true(size <= ((uint32_t)MODEL_BYTES - (address - (uint32_t)MODEL_BASE)));
  return address - (uint32_t)MODEL_BASE;
}

static bool read(void *context, uint32_t address, uint8_t *bytes, uint32_t size) {
  const flash_model_t *self = context;
  const uint32_t at = place(self, address, size);
  assert_false(self->busy); /* a chip that erases or programs cannot be read */
  assert_true(size >= 1u);
  for (uint32_t i = 0u; i < size; ++i) {
    if (self->corrects && self->torn[at + i]) {
      return false;
    }
    bytes[i] = self->bytes[at + i];
  }
  return true;
}

/* Goes from what a byte was towards what it is to become: not at all, wholly, or some of its bits. */
static uint8_t tear(flash_model_t *self, uint32_t way, uint8_t was, uint8_t becomes) {
  uint8_t torn = becomes;
  if (way == 0u) {
    torn = was;
  } else if (way >= 2u) {
    const uint8_t bits = (uint8_t)test_random(&self->random);
    torn = (uint8_t)((was & bits) | (becomes & (uint8_t)~bits));
  }
  return torn;
}

/* One step of a program or an erase; false: the power fails in it. */
static bool step(flash_model_t *self, uint32_t at, const uint8_t *become, uint32_t size) {
  const bool cut = (self->steps == self->cut_at);
  const uint32_t way = cut ? test_below(&self->random, 4u) : 1u;
  ++self->steps;
  for (uint32_t i = 0u; i < size; ++i) {
    self->bytes[at + i] = tear(self, way, self->bytes[at + i], become[i]);
    self->torn[at + i] = cut;
  }
  self->dead = cut;
  return !cut;
}

static int32_t begin(flash_model_t *self, const uint8_t *source, uint32_t size, bool well) {
  self->source = source;
  self->size = size;
  if (size > 0u) {
    (void)memcpy(self->copy, source, size);
  }
  self->waits = self->latency;
  self->verdict = well ? 1 : -1;
  self->busy = !self->dead;
  return self->dead ? -1 : 1;
}

static int32_t erase(void *context, uint32_t address) {
  flash_model_t *self = context;
  uint8_t blank[MODEL_BYTES];
  const uint32_t page = self->device.page_size;
  const uint32_t at = place(self, address, page);
  assert_false(self->busy);
  assert_int_equal(at % page, 0u);
  if (self->dead) {
    return -1;
  }
  const bool well = (self->steps != self->fail_at);
  (void)memset(blank, self->device.erased, page);
  (void)memset(&self->touched[at], 0, page); /* the next program comes after a whole erase only, see step */
  ++self->erases[at / page];
  if (!step(self, at, blank, page)) {
    (void)memset(&self->touched[at], 1, page);
  }
  return begin(self, NULL, 0u, well);
}

static int32_t program(void *context, uint32_t address, const uint8_t *bytes, uint32_t size) {
  flash_model_t *self = context;
  const uint32_t unit = self->device.program_size;
  const uint32_t at = place(self, address, size);
  assert_false(self->busy);
  assert_true((size >= 1u) && ((at % unit) == 0u) && ((size % unit) == 0u));
  bool well = true;
  for (uint32_t done = 0u; (done < size) && (!self->dead); done += unit) {
    well = well && (self->steps != self->fail_at);
    for (uint32_t i = 0u; i < unit; ++i) {
      assert_int_equal(self->bytes[at + done + i], self->device.erased);
      assert_false(self->touched[at + done + i] && (self->strict || (!self->torn[at + done + i])));
      self->touched[at + done + i] = true;
    }
    ++self->programs;
    (void)step(self, at + done, &bytes[done], unit);
  }
  return begin(self, bytes, size, well);
}

static int32_t poll(void *context) {
  flash_model_t *self = context;
  int32_t result = 1;
  if (self->dead) {
    result = -1;
  } else if (self->busy) {
    if (self->waits > 0u) {
      --self->waits;
      result = 0;
    } else {
      for (uint32_t i = 0u; i < self->size; ++i) {
        assert_int_equal(self->source[i], self->copy[i]); /* it stayed as it was */
      }
      self->busy = false;
      result = self->verdict;
    }
  }
  return result;
}

void model_init(flash_model_t *self, uint32_t page_size, uint32_t program_size, uint8_t erased, uint64_t seed) {
  (void)memset(self, 0, sizeof(*self));
  (void)memset(self->bytes, erased, sizeof(self->bytes));
  const spw_flash_device_t device = {self, page_size, program_size, erased, read, erase, program, poll};
  self->device = device;
  self->random = seed;
  self->cut_at = (uint32_t)MODEL_NEVER;
  self->fail_at = (uint32_t)MODEL_NEVER;
}

void model_power(flash_model_t *self) {
  self->dead = false;
  self->busy = false;
}
