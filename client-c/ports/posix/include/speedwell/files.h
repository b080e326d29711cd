/*
 * A store (store.h) in a file of a POSIX system. A record is written beside the file, synced, renamed over it, and the
 * folder is synced: the file is the old record or the new one at any instant, also for a machine whose power fails. A
 * checksum tells a file that the disk has damaged.
 *
 * A write blocks for as long as the disk takes (milliseconds); poll has nothing left to do. No heap, no threads.
 */
#ifndef SPEEDWELL_FILES_H
#define SPEEDWELL_FILES_H

#include <stdint.h>

#include "speedwell/client.h"
#include "speedwell/store.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SPW_FILES_PATH = 1024 };

/* Only `store` is for use; the rest is private. */
typedef struct {
  spw_store_t store; /* give its address to the keeper; this object must not move */
  char path[SPW_FILES_PATH];
  char fresh[SPW_FILES_PATH + 4]; /* path with ".new" */
  char folder[SPW_FILES_PATH];
  uint32_t writes;
  uint32_t writes_most;
  int error; /* errno of the last thing that failed; 0: none */
} spw_files_t;

/* A store in the file `path`, which need not be there; its folder must be. writes_most: lifetime budget, for disks that
 * wear; 0: none. SPW_OK; SPW_BAD_ARGUMENT: a pointer is NULL, or the path is empty; SPW_TOO_SMALL: it is longer than
 * SPW_FILES_PATH - 1 bytes. */
spw_status_t spw_files_init(spw_files_t *files, const char *path, uint32_t writes_most);

/* Why the last read or write failed, in words of the system; "" if it did not. */
const char *spw_files_error(const spw_files_t *files);

#ifdef __cplusplus
}
#endif

#endif
