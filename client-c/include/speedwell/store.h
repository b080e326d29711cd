/*
 * Store: one record that outlives a power cut, given by the port. Shaped like a block of AUTOSAR NvM: the caller's
 * bytes (the RAM mirror) stay as they are from write until poll has told the end, the job does its work piece by piece,
 * and a cut at any instant leaves the record of before or the new one, whole.
 *
 * Ready-made: raw flash (ports/flash, flash.h) and files (ports/posix, files.h). Who uses it: keep.h.
 *
 * read   puts the newest whole record, or the first capacity bytes of a longer one. Called at start, while no job is
 *        under way; it may take its time. Returns
 *          > 0  bytes put
 *            0  there is no record
 *          < 0  SPW_STORE_FAILED
 * write  begins a job. bytes must not change until the job is over. 1 <= size <= capacity of the store. Returns
 *          > 0  begun
 *            0  not now: a job is under way, nothing was begun
 *          < 0  refused: SPW_STORE_FAILED, SPW_STORE_WORN; nothing was begun, nothing was changed
 * poll   does a bounded piece of the job: at most one erase or one program is begun. Returns
 *          > 0  no job is under way: the last one has ended well, the new record is there
 *            0  under way: call again, in a millisecond or when the device has told its end
 *          < 0  SPW_STORE_FAILED: the job is over; the record of before is there, or the new one, whole
 *
 * No function blocks but read; none is re-entered, and all are called by one context, never from an interrupt.
 */
#ifndef SPEEDWELL_STORE_H
#define SPEEDWELL_STORE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  SPW_STORE_BUSY = 0,
  SPW_STORE_DONE = 1,
  SPW_STORE_FAILED = -1, /* the medium did not do what it was told */
  SPW_STORE_WORN = -2    /* the lifetime budget is spent: no record is written any more, the last one stays */
} spw_store_result_t;

typedef struct {
  void *context;
  int32_t (*read)(void *context, uint8_t *bytes, uint32_t capacity);
  int32_t (*write)(void *context, const uint8_t *bytes, uint32_t size);
  int32_t (*poll)(void *context);
} spw_store_t;

#ifdef __cplusplus
}
#endif

#endif
