/*
 * Update: vectors on the wire (parameters coming down, an update going up) to and from the tensors, in pieces that may
 * begin and end at any byte. The tensor table is the segment table: nothing is copied besides.
 */
#ifndef SPW_UPDATE_H
#define SPW_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "speedwell/encoding.h"
#include "speedwell/trainer.h"

typedef enum {
  SPW_DOWN = 0, /* parameters: every tensor but local ones */
  SPW_UP = 1    /* an update: every tensor whose rule is mean or sum */
} spw_way_t;

/* True if every tensor is well-formed and all of them are less than 2^31 bytes. */
bool spw_update_check(const spw_trainer_t *trainer);

/* Bytes of the whole vector, 4 for each element. */
uint32_t spw_update_size(const spw_trainer_t *trainer, spw_way_t way);

/* Puts bytes [at, at + size) of the parameters into the tensors; bytes beyond the vector are ignored. */
void spw_update_write(const spw_trainer_t *trainer, uint32_t at, const uint8_t *bytes, uint32_t size);

/* Gets bytes [at, at + size) of the update; encoding NULL: plain. Bytes beyond the vector are left alone. */
void spw_update_read(const spw_trainer_t *trainer, const spw_encoding_t *encoding, uint32_t at, uint8_t *bytes,
                     uint32_t size);

/* Hands bytes [at, at + size) of the update, whole elements, to the encoding as the base. */
void spw_update_base(const spw_trainer_t *trainer, const spw_encoding_t *encoding, uint32_t at, uint32_t size);

#endif
