/* Checksums on request. */
#include "speedwell/check.h"

#include <stddef.h>

#include "bytes.h"
#include "crc32c.h"

uint32_t spw_check_context(const spw_client_t *client) {
  return spw_crc_end(spw_crc_add(SPW_CRC_START, (const uint8_t *)client, (uint32_t)sizeof(*client)));
}

void spw_check_begin(spw_check_t *check, const spw_trainer_t *trainer, uint32_t piece) {
  check->crc = SPW_CRC_START;
  check->trainer = trainer;
  check->piece = piece;
  check->tensor = 0u;
  check->at = 0u;
}

/* Bytes of a tensor that the client has checked: below 2^31. */
static uint32_t bytes_of(const spw_tensor_t *tensor) {
  uint32_t size = 4u;
  for (uint32_t i = 0u; i < (uint32_t)tensor->rank; ++i) {
    size *= tensor->dims[i];
  }
  return size;
}

bool spw_check_go(spw_check_t *check) {
  const spw_trainer_t *trainer = check->trainer;
  if (check->tensor < trainer->tensor_count) {
    const spw_tensor_t *tensor = &trainer->tensors[check->tensor];
    const uint8_t *bytes = (const uint8_t *)tensor->data;
    const uint32_t total = bytes_of(tensor);
    const uint32_t size = spw_least(check->piece, total - check->at);
    check->crc = spw_crc_add(check->crc, &bytes[check->at], size);
    check->at += size;
    if (check->at == total) {
      check->at = 0u;
      ++check->tensor;
      check->crc = (check->tensor == trainer->tensor_count) ? spw_crc_end(check->crc) : check->crc;
    }
  }
  return check->tensor == trainer->tensor_count;
}
