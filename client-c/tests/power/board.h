/* A board: the fixture's device with a keeper over a store in memory, whose power can go off and on. One at a time. */
#ifndef BOARD_H
#define BOARD_H

#include "fixture.h"
#include "speedwell/keep.h"

enum { CARRIED = 6, RECORD_MOST = 256 };

/* A store in memory. */
typedef struct {
  spw_store_t store;
  uint8_t record[RECORD_MOST];
  uint32_t size;
  uint32_t begun;  /* writes */
  uint32_t polled; /* since the last write was begun */
  uint32_t latency;
  int32_t refusal; /* what write returns, if it is not 1 */
  int32_t outcome; /* what the job comes to */
  const uint8_t *mirror;
  uint8_t copy[RECORD_MOST];
  uint32_t job;
  int32_t lie; /* bytes that read says it put, beyond what it did */
} memory_t;

typedef struct {
  fixture_t *device;
  spw_keep_t keep;
  spw_keep_config_t config;
  memory_t memory;
  uint8_t mirror[RECORD_MOST];
  uint8_t carried[CARRIED];
  uint8_t committed[CARRIED];
  float base[UP_ELEMENTS];
  spw_delta_t delta;
  spw_encoding_t encoding;
} board_t;

extern board_t board;

/* On for the first time; `retained` and `carried_size` are the keeper's. */
void board_on(bool retained, uint32_t carried_size);
/* Off and on: the client's and the keeper's memory is lost, the link breaks. */
void board_reboot(void);
void board_off(void);

/* Connects, and takes the run and the first task up to its Result; the update id. */
uint32_t board_train(uint32_t encoding);
/* Comes back after a reboot; what the device says to its task. */
void board_come_back(uint64_t run, uint32_t encoding, uint32_t round, speedwell_ToServer *said);
/* From the Grant on: both blobs, and accepted. */
void board_upload(uint32_t from);
void board_commit(uint32_t round);

#endif
