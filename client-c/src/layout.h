/* Layout: the LAYOUT blob (PROTOCOL.md, section 8) of a tensor table, made and compared byte by byte, without a buffer.
 */
#ifndef SPW_LAYOUT_H
#define SPW_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/client.h"

/* The length of the trainer's own layout, and the checksum of that blob. */
uint32_t spw_layout_length(const spw_trainer_t *trainer);
uint32_t spw_layout_crc(const spw_trainer_t *trainer);

/* Compares the server's layout with the trainer's as it arrives, in pieces of any size. */
void spw_layout_begin(spw_layout_walk_t *walk);
void spw_layout_compare(spw_layout_walk_t *walk, const spw_trainer_t *trainer, const uint8_t *bytes, uint32_t size);

/* After the last byte: true if both are the same; otherwise *name is the first tensor that differs: the trainer's own
 * name, or the server's when the trainer has none at that place. It lives as long as trainer and walk. */
bool spw_layout_end(const spw_layout_walk_t *walk, const spw_trainer_t *trainer, spw_view_t *name);

#endif
