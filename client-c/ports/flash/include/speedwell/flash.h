/*
 * A store (store.h) over raw flash: two areas of whole pages, filled with slots one after the other and erased in turn.
 * No heap, no system; what it needs of the chip are four functions.
 *
 *   area = slot slot slot ...      slot = head, record      head = sequence, erases, size, CRC-32C of it all
 *
 * A write goes into the next free slot of the area that holds the newest record; the head is programmed last. When that
 * area is full, the other one is erased and takes the record as its first: the newest record is never in an area that
 * is erased. A start takes the newest slot whose checksum matches, and leaves one slot free behind the last one used:
 * the power may have failed just when that was programmed, and what reads as erased need not be. So a cut at any
 * instant leaves the old record or the new one.
 *
 * What it costs: with n slots in an area, an erase of one area every n writes; a boot takes a slot more. An area that
 * may be erased E times lasts for about 2 n E writes, a boot counting as two. With pages of 2 KB, an area of one, 8
 * bytes a program, records of 104 bytes: n = 16, and 10,000 erases last for 320,000 writes. When an area has been
 * erased erases_most times, no write that needs another erase is begun (SPW_STORE_WORN). An erase that a power cut
 * broke off counts once, however often it was.
 */
#ifndef SPEEDWELL_FLASH_H
#define SPEEDWELL_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/client.h"
#include "speedwell/store.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SPW_FLASH_HEAD = 24 }; /* bytes of a head, before it is rounded up to program_size */

/* The chip. Addresses are its own; the store only adds to those of the configuration. Nothing here blocks but read. */
typedef struct {
  void *context;
  uint32_t page_size;    /* bytes that one erase clears: a power of two */
  uint32_t program_size; /* programs begin at a multiple of it and take a multiple of it: a power of two, at most
                          * page_size */
  uint8_t erased;        /* what an erased byte reads as: 0xFF, on some chips 0x00 */
  /* Reads size bytes; false: they cannot be read (an error that the chip's code does not correct), as it is after a cut
   * on some chips. */
  bool (*read)(void *context, uint32_t address, uint8_t *bytes, uint32_t size);
  /* Begins to erase the page at address. > 0 begun, < 0 failed. */
  int32_t (*erase)(void *context, uint32_t address);
  /* Begins to program size bytes, which stay as they are until it has ended; what is there is erased. > 0, < 0. */
  int32_t (*program)(void *context, uint32_t address, const uint8_t *bytes, uint32_t size);
  /* > 0 what was begun has ended well, or nothing was; 0 not yet; < 0 it failed. */
  int32_t (*poll)(void *context);
} spw_flash_device_t;

/* It must outlive the store. Set `size` to sizeof(spw_flash_config_t). */
typedef struct {
  uint32_t size;
  const spw_flash_device_t *device;
  uint32_t first;       /* address of an area: a multiple of page_size */
  uint32_t second;      /* of the other one; they do not overlap */
  uint32_t area_size;   /* bytes of each: a multiple of page_size, below 2^31 */
  uint32_t capacity;    /* bytes of the largest record, >= 1 */
  uint8_t *unit;        /* what is read and programmed at a time, aligned as the chip wants its source */
  uint32_t unit_size;   /* bytes: a multiple of program_size, >= SPW_FLASH_HEAD rounded up to program_size */
  uint32_t erases_most; /* lifetime budget: how often an area may be erased, >= 1 */
} spw_flash_config_t;

/* Private: a slot's head, as it stands in flash. */
typedef struct {
  uint32_t magic;
  uint32_t sequence;
  uint32_t erases[2]; /* of each area */
  uint32_t size;
  uint32_t crc;
} spw_slot_t;

/* Only `store` is for use. */
typedef struct {
  spw_store_t store; /* give its address to the keeper; this object must not move */
  const spw_flash_config_t *config;
  spw_slot_t newest;
  spw_slot_t slot; /* of the job */
  const uint8_t *bytes;
  uint32_t slots; /* in an area */
  uint32_t done;  /* bytes erased or programmed */
  uint32_t at;    /* slot of the newest record in its area */
  uint32_t to;    /* slot of the job */
  uint32_t next;  /* free slot of the active area */
  uint8_t active; /* the area of the newest record */
  uint8_t target;
  uint8_t job;
  bool found; /* there is a record */
} spw_flash_t;

/* Looks for the newest record: reads both areas. SPW_OK; SPW_BAD_ARGUMENT: a pointer is missing, or a size, an address
 * or the budget breaks a rule above; SPW_TOO_SMALL: unit_size, or an area has no room for one slot. */
spw_status_t spw_flash_init(spw_flash_t *flash, const spw_flash_config_t *config);

/* Records written in this flash's life, those that failed included. */
uint32_t spw_flash_writes(const spw_flash_t *flash);

/* Erases of the area that was erased more often: to be held against erases_most. */
uint32_t spw_flash_erases(const spw_flash_t *flash);

/* Slots in an area, n above. */
uint32_t spw_flash_slots(const spw_flash_t *flash);

#ifdef __cplusplus
}
#endif

#endif
