/* Two areas of slots in raw flash. One job at a time: erase, record, head, and a look at what came of it. */
#include "speedwell/flash.h"

#include <stddef.h>
#include <string.h>

#include "bytes.h"
#include "crc32c.h"

enum { AREA_MOST = 0x7FFFFFFF };

#define MAGIC 0x5357464Cu

typedef enum { JOB_NONE = 0, JOB_ERASE = 1, JOB_RECORD = 2, JOB_HEAD = 3, JOB_LOOK = 4 } job_t;

_Static_assert(sizeof(spw_slot_t) == (uint32_t)SPW_FLASH_HEAD, "no padding, on any machine");

/* `size` rounded up to whole programs; both are below 2^31. */
static uint32_t whole(const spw_flash_config_t *config, uint32_t size) {
  const uint32_t rest = config->device->program_size - 1u; /* a power of two, less 1 */
  return (size + rest) & ~rest;
}

static uint32_t head_size(const spw_flash_config_t *config) {
  return whole(config, (uint32_t)SPW_FLASH_HEAD);
}

static uint32_t slot_size(const spw_flash_config_t *config) {
  return head_size(config) + whole(config, config->capacity);
}

static uint32_t area_address(const spw_flash_config_t *config, uint32_t area) {
  return (area == 0u) ? config->first : config->second;
}

static uint32_t slot_address(const spw_flash_config_t *config, uint32_t area, uint32_t at) {
  return area_address(config, area) + (at * slot_size(config));
}

static bool read(const spw_flash_config_t *config, uint32_t address, uint32_t size) {
  return config->device->read(config->device->context, address, config->unit, size);
}

static uint32_t head_crc(const spw_slot_t *slot) {
  return spw_crc_add(SPW_CRC_START, (const uint8_t *)slot, (uint32_t)offsetof(spw_slot_t, crc));
}

/* Reads a slot; true: it holds a whole record. */
static bool read_slot(const spw_flash_config_t *config, uint32_t area, uint32_t at, spw_slot_t *slot) {
  const uint32_t address = slot_address(config, area, at);
  if (!read(config, address, (uint32_t)sizeof(*slot))) {
    return false;
  }
  (void)memcpy(slot, config->unit, sizeof(*slot)); /* MISRA deviation D.3 */
  bool good = (slot->magic == MAGIC) && (slot->size >= 1u) && (slot->size <= config->capacity);
  const uint32_t size = good ? slot->size : 0u;
  uint32_t crc = head_crc(slot);
  uint32_t done = 0u;
  while (good && (done < size)) {
    const uint32_t piece = spw_least(config->unit_size, size - done);
    good = read(config, address + head_size(config) + done, piece);
    if (good) {
      crc = spw_crc_add(crc, config->unit, piece);
      done += piece;
    }
  }
  return good && (spw_crc_end(crc) == slot->crc);
}

/* True if every byte of the slot reads as erased. */
static bool blank(const spw_flash_config_t *config, uint32_t area, uint32_t at) {
  const uint32_t address = slot_address(config, area, at);
  const uint32_t total = slot_size(config);
  bool erased = true;
  uint32_t done = 0u;
  while (erased && (done < total)) {
    const uint32_t piece = spw_least(config->unit_size, total - done);
    erased = read(config, address + done, piece);
    for (uint32_t i = 0u; erased && (i < piece); ++i) {
      erased = (config->unit[i] == config->device->erased);
    }
    done += piece;
  }
  return erased;
}

uint32_t spw_flash_slots(const spw_flash_t *flash) {
  return flash->slots;
}

uint32_t spw_flash_writes(const spw_flash_t *flash) {
  return flash->newest.sequence;
}

uint32_t spw_flash_erases(const spw_flash_t *flash) {
  const uint32_t *erases = flash->newest.erases;
  return (erases[0] > erases[1]) ? erases[0] : erases[1];
}

/* Takes note of the newest record of an area; true: it has one. */
static bool find_in(spw_flash_t *flash, uint8_t area) {
  bool holds = false;
  for (uint32_t at = 0u; at < flash->slots; ++at) {
    spw_slot_t slot;
    if (read_slot(flash->config, area, at, &slot)) {
      holds = true;
      if ((!flash->found) || (slot.sequence > flash->newest.sequence)) {
        flash->found = true;
        flash->newest = slot;
        flash->active = area;
        flash->at = at;
      }
    }
  }
  return holds;
}

/* Finds the newest record, and the free slot behind all that was ever begun in its area. */
static void find(spw_flash_t *flash) {
  const spw_flash_config_t *config = flash->config;
  const bool holds[2] = {find_in(flash, 0u), find_in(flash, 1u)};
  for (uint32_t at = 0u; flash->found && (at < flash->slots); ++at) {
    if (!blank(config, flash->active, at)) {
      flash->next = at + 2u; /* the one behind it may have been begun */
    }
  }
  const uint32_t other = 1u - flash->active;
  const uint32_t erases = flash->newest.erases[other];
  if ((!holds[other]) && (erases > 0u) && (erases < config->erases_most)) {
    ++flash->newest.erases[other]; /* a cut broke an erase off, or came right after it */
  }
}

static int32_t read_record(void *context, uint8_t *bytes, uint32_t capacity) {
  const spw_flash_t *flash = (const spw_flash_t *)context; /* MISRA deviation D.1 */
  const spw_flash_config_t *config = flash->config;
  int32_t result = 0;
  if (flash->job != (uint8_t)JOB_NONE) {
    result = (int32_t)SPW_STORE_FAILED;
  } else if (flash->found) {
    const uint32_t address = slot_address(config, flash->active, flash->at) + head_size(config);
    const uint32_t size = spw_least(flash->newest.size, capacity);
    const bool done = config->device->read(config->device->context, address, bytes, size);
    result = done ? (int32_t)size : (int32_t)SPW_STORE_FAILED;
  } else {
    /* there is none */
  }
  return result;
}

static int32_t write_record(void *context, const uint8_t *bytes, uint32_t size) {
  spw_flash_t *flash = (spw_flash_t *)context; /* MISRA deviation D.1 */
  const spw_flash_config_t *config = flash->config;
  const bool fits = flash->found && (flash->next < flash->slots);
  const uint8_t target = (flash->found && (!fits)) ? (uint8_t)(1u - flash->active) : flash->active;
  int32_t result = 1;
  if (flash->job != (uint8_t)JOB_NONE) {
    result = 0;
  } else if ((size < 1u) || (size > config->capacity)) {
    result = (int32_t)SPW_STORE_FAILED;
  } else if ((flash->newest.sequence == 0xFFFFFFFFu) ||
             ((!fits) && (flash->newest.erases[target] >= config->erases_most))) {
    result = (int32_t)SPW_STORE_WORN;
  } else {
    flash->bytes = bytes;
    flash->target = target;
    flash->to = fits ? flash->next : 0u;
    flash->done = 0u;
    flash->job = fits ? (uint8_t)JOB_RECORD : (uint8_t)JOB_ERASE;
    flash->newest.erases[target] += fits ? 0u : 1u;
    ++flash->newest.sequence; /* never twice: a write that fails may have left its record whole */
    flash->slot.magic = MAGIC;
    flash->slot.sequence = flash->newest.sequence;
    flash->slot.erases[0] = flash->newest.erases[0];
    flash->slot.erases[1] = flash->newest.erases[1];
    flash->slot.size = size;
    flash->slot.crc = spw_crc_end(spw_crc_add(head_crc(&flash->slot), bytes, size));
  }
  return result;
}

/* Begins to program `size` bytes of what is to stand `at` bytes into the slot; the rest of the last program is erased.
 */
static int32_t program(const spw_flash_t *flash, uint32_t at, const uint8_t *bytes, uint32_t size) {
  const spw_flash_config_t *config = flash->config;
  const spw_flash_device_t *device = config->device;
  (void)memset(config->unit, (int)device->erased, config->unit_size);
  (void)memcpy(config->unit, bytes, size);
  return device->program(device->context, slot_address(config, flash->target, flash->to) + at, config->unit,
                         whole(config, size));
}

/* The job is over. A slot that was begun is never begun again. */
static int32_t end(spw_flash_t *flash, bool well) {
  const bool same = (flash->target == flash->active) && flash->found;
  flash->job = (uint8_t)JOB_NONE;
  if (well) {
    flash->newest = flash->slot;
    flash->active = flash->target;
    flash->at = flash->to;
    flash->found = true;
  }
  if (well || same) {
    flash->next = flash->to + 1u;
  }
  return well ? (int32_t)SPW_STORE_DONE : (int32_t)SPW_STORE_FAILED;
}

/* Begins the next erase or program of the job; < 0: the chip refuses. */
static int32_t go_on(spw_flash_t *flash) {
  const spw_flash_config_t *config = flash->config;
  const spw_flash_device_t *device = config->device;
  int32_t begun = 1;
  if (flash->job == (uint8_t)JOB_ERASE) {
    begun = device->erase(device->context, area_address(config, flash->target) + flash->done);
    flash->done += device->page_size;
    if (flash->done >= config->area_size) {
      flash->done = 0u;
      flash->job = (uint8_t)JOB_RECORD;
    }
  } else if (flash->job == (uint8_t)JOB_RECORD) {
    const uint32_t piece = spw_least(config->unit_size, flash->slot.size - flash->done);
    begun = program(flash, head_size(config) + flash->done, &flash->bytes[flash->done], piece);
    flash->done += piece;
    flash->job = (flash->done >= flash->slot.size) ? (uint8_t)JOB_HEAD : (uint8_t)JOB_RECORD;
  } else {
    begun = program(flash, 0u, (const uint8_t *)&flash->slot, (uint32_t)sizeof(flash->slot));
    flash->job = (uint8_t)JOB_LOOK;
  }
  return begun;
}

static int32_t poll(void *context) {
  spw_flash_t *flash = (spw_flash_t *)context; /* MISRA deviation D.1 */
  const spw_flash_config_t *config = flash->config;
  if (flash->job == (uint8_t)JOB_NONE) {
    return (int32_t)SPW_STORE_DONE;
  }
  int32_t state = config->device->poll(config->device->context);
  int32_t result = (int32_t)SPW_STORE_BUSY;
  if ((state > 0) && (flash->job == (uint8_t)JOB_LOOK)) {
    spw_slot_t slot;
    result = end(flash, read_slot(config, flash->target, flash->to, &slot) && (slot.crc == flash->slot.crc));
  } else {
    state = (state > 0) ? go_on(flash) : state;
    result = (state < 0) ? end(flash, false) : result;
  }
  return result;
}

static bool power_of_two(uint32_t number) {
  return (number != 0u) && ((number & (number - 1u)) == 0u);
}

static bool device_good(const spw_flash_device_t *device) {
  return (device != NULL) && (device->read != NULL) && (device->erase != NULL) && (device->program != NULL) &&
         (device->poll != NULL) && power_of_two(device->program_size) && power_of_two(device->page_size) &&
         (device->page_size >= device->program_size);
}

/* `size` and the addresses are whole pages, and nothing overlaps or ends beyond 2^32 - 1. */
static bool areas_good(const spw_flash_config_t *config) {
  const uint32_t size = config->area_size;
  const uint32_t low = spw_least(config->first, config->second);
  const uint32_t high = (config->first == low) ? config->second : config->first;
  return (size >= 1u) && (size <= (uint32_t)AREA_MOST) &&
         (((size | low | high) & (config->device->page_size - 1u)) == 0u) && (high <= (0xFFFFFFFFu - size)) &&
         ((high - low) >= size);
}

spw_status_t spw_flash_init(spw_flash_t *flash, const spw_flash_config_t *config) {
  if ((flash == NULL) || (config == NULL) || (config->size < sizeof(spw_flash_config_t)) ||
      (!device_good(config->device)) || (!areas_good(config)) || (config->unit == NULL) ||
      ((config->unit_size & (config->device->program_size - 1u)) != 0u) || (config->capacity < 1u) ||
      (config->erases_most < 1u)) {
    return SPW_BAD_ARGUMENT;
  }
  if ((config->unit_size < head_size(config)) || (config->capacity > config->area_size) ||
      (slot_size(config) > config->area_size)) {
    return SPW_TOO_SMALL;
  }
  (void)memset(flash, 0, sizeof(*flash));
  flash->config = config;
  for (uint32_t left = config->area_size; left >= slot_size(config); left -= slot_size(config)) {
    ++flash->slots;
  }
  flash->store.context = flash;
  flash->store.read = &read_record;
  flash->store.write = &write_record;
  flash->store.poll = &poll;
  find(flash);
  return SPW_OK;
}
