/*
 * Stores: raw flash with any content, whatever left it there, and slots whose checksums match whatever they say. A
 * start does no harm; a write that ends well is what is read afterwards, also by the next start; and a keeper takes any
 * record. (SPW-PWR-13)
 */
#include <stdbool.h>
#include <string.h>

#include "crc32c.h"
#include "fuzz.h"
#include "layout.h"
#include "speedwell/flash.h"
#include "speedwell/keep.h"

enum { BYTES = 2048, RECORD = SPW_KEEP_BYTES + 8, UNIT = 64 };

typedef struct {
  uint8_t bytes[BYTES];
  spw_flash_device_t device;
} chip_t;

typedef struct {
  chip_t chip;
  uint8_t unit[UNIT];
  spw_flash_config_t config;
  spw_flash_t flash;
} world_t;

static bool read(void *context, uint32_t address, uint8_t *bytes, uint32_t size) {
  const chip_t *chip = context;
  FUZZ_CHECK((address <= (uint32_t)BYTES) && (size <= ((uint32_t)BYTES - address)));
  (void)memcpy(bytes, &chip->bytes[address], size);
  return true;
}

static int32_t erase(void *context, uint32_t address) {
  chip_t *chip = context;
  FUZZ_CHECK((address < (uint32_t)BYTES) && ((address % chip->device.page_size) == 0u));
  (void)memset(&chip->bytes[address], chip->device.erased, chip->device.page_size);
  return 1;
}

static int32_t program(void *context, uint32_t address, const uint8_t *bytes, uint32_t size) {
  chip_t *chip = context;
  const uint32_t rest = chip->device.program_size - 1u;
  FUZZ_CHECK((address <= (uint32_t)BYTES) && (size <= ((uint32_t)BYTES - address)));
  FUZZ_CHECK((size >= 1u) && ((address & rest) == 0u) && ((size & rest) == 0u));
  for (uint32_t i = 0u; i < size; ++i) {
    FUZZ_CHECK(chip->bytes[address + i] == chip->device.erased);
    chip->bytes[address + i] = bytes[i];
  }
  return 1;
}

static int32_t poll(void *context) {
  (void)context;
  return 1;
}

static uint32_t slot_bytes(const spw_flash_config_t *config, uint32_t head) {
  const uint32_t rest = config->device->program_size - 1u;
  return head + ((config->capacity + rest) & ~rest);
}

/* Makes the checksum of a slot match what stands in it. */
static void seal(world_t *self, uint32_t area, uint32_t at) {
  const uint32_t rest = self->chip.device.program_size - 1u;
  const uint32_t head = ((uint32_t)SPW_FLASH_HEAD + rest) & ~rest;
  const uint32_t base =
      ((area == 0u) ? self->config.first : self->config.second) + (at * slot_bytes(&self->config, head));
  spw_slot_t slot;
  (void)memcpy(&slot, &self->chip.bytes[base], sizeof(slot));
  slot.magic = 0x5357464Cu;
  slot.size = (slot.size % self->config.capacity) + 1u;
  slot.crc = spw_crc_add(SPW_CRC_START, (const uint8_t *)&slot, (uint32_t)sizeof(slot) - 4u);
  slot.crc = spw_crc_end(spw_crc_add(slot.crc, &self->chip.bytes[base + head], slot.size));
  (void)memcpy(&self->chip.bytes[base], &slot, sizeof(slot));
}

static void build(world_t *self, fuzz_input_t *input) {
  static const uint32_t programs[] = {1u, 4u, 8u, 16u, 32u};
  (void)memset(self, 0, sizeof(*self));
  const spw_flash_device_t device = {&self->chip,
                                     512u << fuzz_below(input, 2u),
                                     programs[fuzz_below(input, 5u)],
                                     (fuzz_below(input, 2u) == 0u) ? 0xFFu : 0u,
                                     read,
                                     erase,
                                     program,
                                     poll};
  self->chip.device = device;
  const spw_flash_config_t config = {sizeof(config), &self->chip.device, 0u,   1024u, 1024u,
                                     RECORD,         self->unit,         UNIT, 1000u};
  self->config = config;
  const uint32_t seals = fuzz_below(input, 4u);
  const uint32_t which = fuzz_byte(input);
  for (uint32_t i = 0u; i < (uint32_t)BYTES; ++i) { /* the input again and again, so that both areas are full */
    input->at = (input->at < input->size) ? input->at : ((input->size > 6u) ? 6u : input->size);
    self->chip.bytes[i] = (input->size > 6u) ? (uint8_t)fuzz_byte(input) : device.erased;
  }
  for (uint32_t i = 0u; i < seals; ++i) {
    seal(self, (which >> i) & 1u, ((which >> 4u) + i) % 6u);
  }
}

/* A start; the record that is there, and its size. */
static uint32_t start(world_t *self, uint8_t record[RECORD]) {
  FUZZ_CHECK(spw_flash_init(&self->flash, &self->config) == SPW_OK);
  const int32_t size = self->flash.store.read(&self->flash, record, RECORD);
  FUZZ_CHECK((size >= 0) && (size <= (int32_t)RECORD));
  FUZZ_CHECK((size == 0) == (!self->flash.found));
  return (uint32_t)size;
}

static int32_t write(world_t *self, const uint8_t *record, uint32_t size) {
  int32_t result = self->flash.store.write(&self->flash, record, size);
  for (uint32_t i = 0u; (result == 1) || (result == 0); ++i) {
    FUZZ_CHECK(i < 64u);
    result = self->flash.store.poll(&self->flash);
    if (result == 1) {
      break;
    }
  }
  return result;
}

static void records_are_kept(world_t *self) {
  uint8_t found[RECORD];
  uint8_t record[RECORD];
  for (uint32_t number = 1u; number < 10u; ++number) {
    const uint32_t size = 1u + ((number * 29u) % (uint32_t)RECORD);
    (void)memset(record, (int)number, sizeof(record));
    const uint32_t erases = spw_flash_erases(&self->flash);
    const int32_t result = write(self, record, size);
    FUZZ_CHECK((result == 1) || (result == (int32_t)SPW_STORE_WORN));
    FUZZ_CHECK((spw_flash_erases(&self->flash) <= 1000u) || (spw_flash_erases(&self->flash) == erases));
    if (result == 1) {
      FUZZ_CHECK(self->flash.store.read(&self->flash, found, RECORD) == (int32_t)size);
      FUZZ_CHECK(memcmp(found, record, size) == 0);
      if ((number % 3u) == 0u) {
        FUZZ_CHECK((start(self, found) == size) && (memcmp(found, record, size) == 0));
      }
    }
  }
}

/* A client that never gets a stream. */
static int32_t no_stream(void *context) {
  (void)context;
  return -1;
}

static void close_stream(void *context) {
  (void)context;
}

static int32_t no_send(void *context, const uint8_t *bytes, uint32_t size) {
  (void)context;
  (void)bytes;
  (void)size;
  return -1;
}

static int32_t no_receive(void *context, uint8_t *bytes, uint32_t capacity) {
  (void)context;
  (void)bytes;
  (void)capacity;
  return -1;
}

static bool begin(void *self, const spw_task_t *task) {
  (void)self;
  (void)task;
  return false;
}

static spw_step_t step(void *self, spw_hint_t hint) {
  (void)self;
  (void)hint;
  return SPW_STEP_FAILED;
}

static void finish(void *self, spw_cause_t cause, spw_result_t *result) {
  (void)self;
  (void)cause;
  (void)result;
}

static void base(void *self, uint32_t first, const float *values, uint32_t count) {
  (void)self;
  (void)first;
  (void)values;
  (void)count;
}

static void element(void *self, uint32_t index, float value, uint8_t bytes[4]) {
  (void)self;
  FUZZ_CHECK(index < 300u);
  (void)memcpy(bytes, &value, 4u);
}

static void a_keeper_takes_it(world_t *self, uint32_t layout_crc) {
  static float values[300];
  static uint8_t buffers[4][SPW_FRAME_MIN];
  static uint8_t mirror[RECORD];
  static uint8_t carried[8];
  static uint8_t committed[8];
  const spw_tensor_t tensor = SPW_VECTOR("w", values, 300u);
  const spw_trainer_t trainer = {NULL, &tensor, 1u, 0u, 0u, begin, step, finish};
  const spw_transport_t transport = {NULL, no_stream, close_stream, no_send, no_receive};
  const spw_encoding_t encoding = {NULL, 1u, 300u, base, element};
  const spw_client_config_t config = {.size = sizeof(config),
                                      .device_id = "device",
                                      .transport = &transport,
                                      .trainer = &trainer,
                                      .receive_buffer = buffers[0],
                                      .receive_size = SPW_FRAME_MIN,
                                      .send_buffer = buffers[1],
                                      .send_size = SPW_FRAME_MIN,
                                      .config_buffer = buffers[2],
                                      .config_size = SPW_FRAME_MIN,
                                      .metrics_buffer = buffers[3],
                                      .metrics_size = SPW_FRAME_MIN,
                                      .encoding = &encoding};
  const spw_keep_config_t keep_config = {sizeof(keep_config), &self->flash.store, mirror, sizeof(mirror), true, carried,
                                         committed,           sizeof(carried)};
  spw_client_t client;
  spw_keep_t keep;
  FUZZ_CHECK(spw_client_init(&client, &config) == SPW_OK);
  FUZZ_CHECK(spw_keep_open(&keep, &keep_config) == SPW_OK);
  keep.kept.layout_crc = (layout_crc == 0u) ? keep.kept.layout_crc : layout_crc;
  FUZZ_CHECK(spw_keep_attach(&keep, &client) == SPW_OK);
  FUZZ_CHECK(spw_keep_boots(&keep) >= 1u);
  for (uint32_t i = 0u; (i < 100u) && (!keep.started); ++i) {
    (void)spw_keep_step(&keep, i, 1u);
  }
  FUZZ_CHECK(keep.started);
  FUZZ_CHECK(spw_keep_flush(&keep));
  const uint32_t boots = spw_keep_boots(&keep);
  const bool kept = (spw_keep_trouble(&keep) == 0);
  spw_client_stop(&client);
  FUZZ_CHECK(spw_flash_init(&self->flash, &self->config) == SPW_OK);
  FUZZ_CHECK(spw_keep_open(&keep, &keep_config) == SPW_OK);
  FUZZ_CHECK((!kept) || (boots == 0xFFFFFFFFu) || (spw_keep_boots(&keep) == (boots + 1u)));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
  fuzz_input_t in = {input, size, 0u};
  static world_t world;
  uint8_t record[RECORD];
  build(&world, &in);
  const uint32_t found = start(&world, record);
  uint32_t layout_crc = 0u;
  if ((found >= 12u) && ((record[0] & 1u) != 0u)) { /* as if it were of this layout: what is checked behind that */
    const spw_tensor_t tensor = SPW_VECTOR("w", NULL, 300u);
    const spw_trainer_t trainer = {.tensors = &tensor, .tensor_count = 1u};
    layout_crc = spw_layout_crc(&trainer);
  }
  world_t copy = world;
  copy.config.device = &copy.chip.device;
  copy.config.unit = copy.unit;
  copy.chip.device.context = &copy.chip;
  (void)start(&copy, record);
  a_keeper_takes_it(&copy, layout_crc);
  records_are_kept(&world);
  return 0;
}
