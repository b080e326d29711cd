#include "chip.h"

#include <string.h>

/* Slots in an area: 1, 2, 2, 6, 3, 1, 2. */
const geometry_t geometries[GEOMETRIES] = {
    {64u, 8u, 64u, 24u, 40u, 0xFFu, false},   {128u, 4u, 128u, 32u, 36u, 0xFFu, true},
    {64u, 16u, 192u, 64u, 40u, 0x00u, false}, {128u, 2u, 384u, 24u, 39u, 0xFFu, false},
    {64u, 1u, 192u, 25u, 40u, 0xFFu, true},   {256u, 32u, 256u, 256u, 200u, 0xFFu, true},
    {256u, 8u, 256u, 24u, 57u, 0x00u, true},
};

chip_t chip;

void chip_init(const geometry_t *geometry, uint64_t seed) {
  model_init(&chip.model, geometry->page_size, geometry->program_size, geometry->erased, seed);
  chip.model.corrects = geometry->corrects;
  const spw_flash_config_t config = {sizeof(config), &chip.model.device,  MODEL_BASE + 4096u,
                                     MODEL_BASE,     geometry->area_size, geometry->capacity,
                                     chip.unit,      geometry->unit_size, 1000000u};
  chip.config = config;
}

void chip_boot(void) {
  model_power(&chip.model);
  assert_int_equal(spw_flash_init(&chip.flash, &chip.config), SPW_OK);
}

uint32_t chip_record(uint32_t number, uint8_t *bytes) {
  const uint32_t size = 4u + ((number * 7u) % (chip.config.capacity - 3u));
  for (uint32_t i = 0u; i < size; ++i) {
    bytes[i] = ((number % 2u) == 1u) ? chip.model.device.erased : (uint8_t)((number * 31u) + i);
  }
  (void)memcpy(bytes, &number, 4u);
  return size;
}

int32_t chip_write(uint32_t number) {
  const spw_store_t *store = &chip.flash.store;
  const uint32_t size = chip_record(number, chip.mirror);
  int32_t result = store->write(store->context, chip.mirror, size);
  uint32_t guard = 0u;
  if (result > 0) {
    do {
      result = store->poll(store->context);
      ++guard;
      assert_true(guard < 2000u);
    } while (result == 0);
  }
  return result;
}

uint32_t chip_held(void) {
  const spw_store_t *store = &chip.flash.store;
  uint8_t bytes[256];
  uint8_t expected[256];
  uint32_t number = 0u;
  const int32_t size = store->read(store->context, bytes, sizeof(bytes));
  assert_true(size >= 0);
  if (size > 0) {
    (void)memcpy(&number, bytes, 4u);
    assert_int_equal(size, chip_record(number, expected));
    assert_memory_equal(bytes, expected, (size_t)size);
  }
  return number;
}
