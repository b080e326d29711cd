#include "crc32c.h"

#include "speedwell/options.h"
#if SPW_CRC_TABLE == 256
#include "crc32c_table.h"
#endif

#if SPW_CRC_TABLE == 16
/*@ assigns \nothing; */
static uint32_t add_byte(uint32_t crc, uint8_t byte) {
  /* The remainders of the 16 values of half a byte. */
  static const uint32_t table[16] = {0x00000000u, 0x105EC76Fu, 0x20BD8EDEu, 0x30E349B1u, 0x417B1DBCu, 0x5125DAD3u,
                                     0x61C69362u, 0x7198540Du, 0x82F63B78u, 0x92A8FC17u, 0xA24BB5A6u, 0xB21572C9u,
                                     0xC38D26C4u, 0xD3D3E1ABu, 0xE330A81Au, 0xF36E6F75u};
  uint32_t sum = crc ^ (uint32_t)byte;
  sum = (sum >> 4) ^ table[sum & 0x0Fu];
  return (sum >> 4) ^ table[sum & 0x0Fu];
}
#else
static uint32_t add_byte(uint32_t crc, uint8_t byte) {
  return (crc >> 8) ^ table[(crc ^ (uint32_t)byte) & 0xFFu];
}
#endif

uint32_t spw_crc_add(uint32_t crc, const uint8_t *bytes, uint32_t size) {
  uint32_t sum = crc;
  uint32_t i = 0u;
#if SPW_CRC_TABLE == 256 /* for speed: four bytes a turn, and no calls */
  /*@ loop invariant i <= size;
      loop assigns i, sum;
      loop variant size - i; */
  for (; (size - i) >= 4u; i += 4u) {
    sum = (sum >> 8) ^ table[(sum ^ bytes[i]) & 0xFFu];
    sum = (sum >> 8) ^ table[(sum ^ bytes[i + 1u]) & 0xFFu];
    sum = (sum >> 8) ^ table[(sum ^ bytes[i + 2u]) & 0xFFu];
    sum = (sum >> 8) ^ table[(sum ^ bytes[i + 3u]) & 0xFFu];
  }
#endif
  /*@ loop invariant i <= size;
      loop assigns i, sum;
      loop variant size - i; */
  for (; i < size; ++i) {
    sum = add_byte(sum, bytes[i]);
  }
  return sum;
}

static uint32_t add_u32(uint32_t crc, uint32_t value) {
  uint32_t sum = crc;
  for (uint32_t shift = 0u; shift < 32u; shift += 8u) {
    sum = add_byte(sum, (uint8_t)((value >> shift) & 0xFFu));
  }
  return sum;
}

uint32_t spw_crc_blob(const spw_blob_key_t *key) {
  uint32_t sum = add_byte(SPW_CRC_START, (uint8_t)(key->role & 0xFFu));
  sum = add_byte(sum, (uint8_t)(key->encoding & 0xFFu));
  sum = add_u32(sum, (uint32_t)(key->run_id & 0xFFFFFFFFu));
  sum = add_u32(sum, (uint32_t)(key->run_id >> 32));
  sum = add_u32(sum, key->round);
  sum = add_u32(sum, key->update_id);
  return add_u32(sum, key->length);
}
