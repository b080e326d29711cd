/*
 * Check: checksums (CRC-32C) of what must not change by itself, on request. Optional. (watch/check.c; library
 * speedwell_watch)
 *
 *   between two steps nobody changes the client:
 *     wish = spw_client_step(&client, now, 1u);   seal = spw_check_context(&client);
 *     ...
 *     if (spw_check_context(&client) != seal) the memory was damaged: spw_client_init makes a client anew
 *
 *   between two tasks nobody changes the model that the board predicts with:
 *     spw_check_begin(&check, &trainer, bytes a call); while (!spw_check_go(&check)) { ... }   check.crc
 *
 * A CRC-32C finds every change of up to 3 bits, and every burst of up to 32, in what it covers here.
 */
#ifndef SPEEDWELL_CHECK_H
#define SPEEDWELL_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/client.h"
#include "speedwell/trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The checksum of the client's state. Between two steps, after spw_client_init. Cost: sizeof(spw_client_t) bytes. */
uint32_t spw_check_context(const spw_client_t *client);

/* A checksum of all tensors, in the order of the table, made piece by piece. Tensors must not change before its end. */
typedef struct {
  uint32_t crc; /* the checksum, once spw_check_go has returned true */
  /* private */
  const spw_trainer_t *trainer;
  uint32_t piece;
  uint32_t tensor;
  uint32_t at; /* byte of the tensor */
} spw_check_t;

/* Begins; `piece`: bytes that one call of spw_check_go takes in at most, >= 1. The trainer is one that spw_client_init
 * has taken. */
void spw_check_begin(spw_check_t *check, const spw_trainer_t *trainer, uint32_t piece);

/* Takes in the next piece; true: all is taken in, crc is the checksum. Calls after that change nothing. */
bool spw_check_go(spw_check_t *check);

#ifdef __cplusplus
}
#endif

#endif
