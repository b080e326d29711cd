/* CRC-32C (Castagnoli, reflected) and the checksum of a blob. */
#ifndef SPW_CRC32C_H
#define SPW_CRC32C_H

#include <stdint.h>

/* Continues a checksum; start with SPW_CRC_START, and invert the last value with spw_crc_end. */
#define SPW_CRC_START 0xFFFFFFFFu
/*@ requires size == 0 || \valid_read(bytes + (0 .. size - 1));
    assigns \nothing; */
uint32_t spw_crc_add(uint32_t crc, const uint8_t *bytes, uint32_t size);
static inline uint32_t spw_crc_end(uint32_t crc) {
  return crc ^ 0xFFFFFFFFu;
}

/* What a blob's checksum covers before its bytes. Give 0 for run, round and update id of a constant (role below 16). */
typedef struct {
  uint64_t run_id;
  uint32_t role;
  uint32_t encoding;
  uint32_t round;
  uint32_t update_id;
  uint32_t length;
} spw_blob_key_t;

/* The checksum over the metadata; go on with spw_crc_add over the blob's bytes. */
uint32_t spw_crc_blob(const spw_blob_key_t *key);

#endif
