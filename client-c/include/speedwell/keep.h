/*
 * Keep: what of a client outlives a power cut. Optional: a client without it starts anew after each, which is always
 * right and costs a training. (keep/keep.c; library speedwell_keep)
 *
 *   spw_keep_open(&keep, &keep_config);                         reads the record
 *   config.seed = spw_keep_seed(&keep, device_seed);
 *   config.on_event = ... which hands every event to spw_keep_event(&keep, event)
 *   spw_client_init(&client, &config);
 *   spw_keep_attach(&keep, &client);
 *   for (;;) {
 *     spw_wish_t wish = spw_keep_step(&keep, now_ms(), 8u);     in place of spw_client_step
 *     ...
 *   }
 *
 * What is kept, and when it is written:
 *   boots      at each start, before the client's first step: update ids never repeat after a reboot, as the
 *              generator of each boot has a seed of its own                                         1 write a boot
 *   committed  run and round of the last update that the server made durable, and the application's carried bytes:
 *              they advance when Committed of a training is heard, and at no other time            1 write a round
 *   update     the key, result and checksums of a finished update, so that its upload goes on after a reboot; only
 *              with `retained`                                                                     1 write a round
 * So a round costs one write, or two with `retained`; lost links, tasks that end without a commit, and evaluations cost
 * none. The connection's token is not kept: a device without it tells the server that it was restarted.
 *
 * The update itself is not in the record. It stands where it always does, in the tensors, the encoding's base, the
 * config and the metrics buffer. Where these outlive a reset (retained or battery-backed memory that the start-up code
 * leaves alone, or memory that the application has put back before spw_keep_attach), say `retained`: at a start their
 * bytes are held against the kept checksums, in slices, before the client connects. If all of them match, the same
 * result with the same update id is offered again and the upload goes on where the server wants; otherwise the device
 * trains again, with a new update id. The server counts one of them in either case.
 *
 * A client takes the model in its tensors for whole when it is initialised. After a reset the application answers for
 * that: it loads a model it trusts, or checks what is there (check.h); unless spw_keep_resumed says that it was proved.
 *
 * A firmware with another layout of tensors keeps the boots and the committed round alone.
 *
 * All functions are for the context that steps the client; none is re-entrant but the getters among themselves.
 */
#ifndef SPEEDWELL_KEEP_H
#define SPEEDWELL_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/client.h"
#include "speedwell/store.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SPW_KEEP_BYTES = 104 }; /* of a record without carried bytes */

/* It must outlive the keeper. Set `size` to sizeof(spw_keep_config_t); a 0 in members of later versions is the default.
 */
typedef struct {
  uint32_t size;
  const spw_store_t *store;
  uint8_t *mirror;       /* holds a record while it is written: nobody else touches it */
  uint32_t mirror_size;  /* >= SPW_KEEP_BYTES + carried_size; the store takes as much */
  bool retained;         /* tensors, base, config and metrics buffer may outlive a reset */
  uint8_t *carried;      /* what the application carries across rounds (a private head, a control variate), as it
                          * works on it; NULL with carried_size 0 */
  uint8_t *committed;    /* carried_size bytes: the same as it was at the last commit; only the keeper writes them */
  uint32_t carried_size; /* bytes, below 2^31 */
} spw_keep_config_t;

/* The record. Private. The first two words stand where they stand in every version. */
typedef struct {
  uint32_t schema;
  uint32_t boots;
  uint32_t layout_crc;
  uint32_t committed_round;
  uint64_t committed_run;
  uint64_t run; /* the finished update */
  uint32_t round;
  uint32_t number;
  uint32_t attempt;
  uint32_t parameters_crc;
  uint32_t update_id;
  uint32_t update_crc;
  uint32_t metrics_crc;
  uint32_t metrics_size;
  uint32_t config_size;
  uint32_t config_crc;
  uint32_t examples_held;
  uint32_t examples_used;
  uint32_t steps;
  float work_norm;
  float loss_before;
  float loss_after;
  uint8_t cause;
  uint8_t encoding;
  uint8_t held; /* 1: there is one */
  uint8_t unused;
  uint32_t carried_size;
} spw_kept_t;

/* The state of a keeper: here for its size only. Private. */
typedef struct {
  const spw_keep_config_t *config;
  spw_client_t *client;
  spw_kept_t kept;
  bool changed; /* since the last write was begun */
  bool saving;
  bool started;
  bool resumed;
  int32_t trouble;
  uint32_t proved; /* bytes of the update, and their checksum so far */
  uint32_t crc;
} spw_keep_t;

/* Reads the record, or begins with an empty one where there is none or it is of another schema; counts this boot.
 * SPW_OK, also when the store fails (spw_keep_trouble tells); SPW_BAD_ARGUMENT: a pointer is missing, config->size or
 * carried_size is out of range; SPW_TOO_SMALL: mirror_size. */
spw_status_t spw_keep_open(spw_keep_t *keep, const spw_keep_config_t *config);

/* A seed for spw_client_config_t.seed: `seed`, which differs per device, made differ per boot. While the store fails or
 * is worn the count of boots stands still: give a seed that differs per boot by itself if there is one. */
uint64_t spw_keep_seed(const spw_keep_t *keep, uint64_t seed);

/* Takes care of a client that is initialised and not stepped yet. Puts the committed bytes into `carried`; where none
 * are kept, `committed` becomes what `carried` holds. SPW_OK; SPW_BAD_ARGUMENT: a pointer is NULL. */
spw_status_t spw_keep_attach(spw_keep_t *keep, spw_client_t *client);

/* Steps store and client. Until this boot is kept, and the kept update is held against its checksums, the client is not
 * stepped; the arguments and the wish are those of spw_client_step. A slice of proving is SPW_SLICE_BYTES. */
spw_wish_t spw_keep_step(spw_keep_t *keep, uint32_t now_ms, uint32_t slices);

/* To be called from on_event, with every event. */
void spw_keep_event(spw_keep_t *keep, const spw_event_t *event);

/* Goes on with a write without stepping the client; true: nothing is left to write. For the way to power-off. */
bool spw_keep_flush(spw_keep_t *keep);

/* Puts the committed bytes back into `carried`: for a trainer's begin, so that what an earlier task did to them without
 * being committed is undone. */
void spw_keep_rewind(const spw_keep_t *keep);

/* Boots so far, this one included; from 1. */
uint32_t spw_keep_boots(const spw_keep_t *keep);

/* The round that was committed last, and its run; 0: none yet. */
uint32_t spw_keep_round(const spw_keep_t *keep);
uint64_t spw_keep_run(const spw_keep_t *keep);

/* True once the update of before the reboot was found whole and is offered again. */
bool spw_keep_resumed(const spw_keep_t *keep);

/* How the last read or write went: 0 well, SPW_STORE_FAILED, or SPW_STORE_WORN. What could not be written is written
 * along with the next change. */
int32_t spw_keep_trouble(const spw_keep_t *keep);

#ifdef __cplusplus
}
#endif

#endif
