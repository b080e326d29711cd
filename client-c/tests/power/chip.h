/* A flash chip (flash_model.h) with a store on it, and records with numbers. One at a time. */
#ifndef CHIP_H
#define CHIP_H

#include "flash_model.h"

enum { GEOMETRIES = 7 };

typedef struct {
  uint32_t page_size;
  uint32_t program_size;
  uint32_t area_size;
  uint32_t unit_size;
  uint32_t capacity;
  uint8_t erased;
  bool corrects;
} geometry_t;

extern const geometry_t geometries[GEOMETRIES];

typedef struct {
  flash_model_t model;
  spw_flash_config_t config;
  spw_flash_t flash;
  uint8_t unit[256];
  uint8_t mirror[256];
} chip_t;

extern chip_t chip;

/* An erased chip; the store is not started. */
void chip_init(const geometry_t *geometry, uint64_t seed);
/* The power comes back; the store starts. */
void chip_boot(void);
/* The record of that number: its size and its bytes differ from those of the others. Half of them are erased bytes. */
uint32_t chip_record(uint32_t number, uint8_t *bytes);
/* Writes the record of that number; what the job came to. */
int32_t chip_write(uint32_t number);
/* The number of the record that is there, which must be whole; 0: none. */
uint32_t chip_held(void);

#endif
