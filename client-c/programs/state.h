/* What of a device outlives a power cut, and how it tells of it. */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "speedwell/files.h"
#include "speedwell/keep.h"

typedef struct {
  spw_files_t files;
  spw_keep_config_t config;
  spw_keep_t keep;
  const char *id;
  uint8_t mirror[SPW_KEEP_BYTES];
  int32_t trouble; /* that was told of */
  bool resumed;    /* was told */
  bool quiet;
} state_t;

/* Memory in the file PATH.memory that outlives this process, as retained memory outlives a reset of a board; its bytes
 * are what the last process left, or 0. NULL: what is wrong was said on stderr. */
void *state_memory(const char *path, size_t size);

/* Reads the record in the file `path`; false: what is wrong was said on stderr. Strings must outlive it. */
bool state_open(state_t *state, const char *path, const char *id, bool quiet);

/* Takes care of a client that is initialised, and keeps this start; false: what is wrong was said on stderr. */
bool state_attach(state_t *state, spw_client_t *client);

/* With every event: keeps what is to be kept, and tells what is worth it on stderr. */
void state_event(state_t *state, const spw_event_t *event);

#endif
