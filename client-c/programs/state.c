#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void complain(const char *path, const char *tail, const char *why) {
  (void)fprintf(stderr, "speedwell-device: --state: %s%s cannot be used: %s\n", path, tail, why);
}

void *state_memory(const char *path, size_t size) {
  static const char tail[] = ".memory";
  char name[SPW_FILES_PATH + sizeof tail];
  const int length = snprintf(name, sizeof name, "%s%s", path, tail);
  void *memory = MAP_FAILED;
  errno = ENAMETOOLONG;
  if ((length > 0) && ((size_t)length < sizeof name)) {
    const int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if ((file >= 0) && (ftruncate(file, (off_t)size) == 0)) {
      memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    if (memory == MAP_FAILED) {
      complain(path, tail, strerror(errno));
    }
    if (file >= 0) {
      (void)close(file);
    }
  } else {
    complain(path, tail, strerror(errno));
  }
  return (memory != MAP_FAILED) ? memory : NULL;
}

static void tell_trouble(state_t *state) {
  const int32_t trouble = spw_keep_trouble(&state->keep);
  if ((trouble != 0) && (trouble != state->trouble)) {
    (void)fprintf(stderr, "%s: the state in %s is not kept: %s\n", state->id, state->files.path,
                  spw_files_error(&state->files));
  }
  state->trouble = trouble;
}

bool state_open(state_t *state, const char *path, const char *id, bool quiet) {
  (void)memset(state, 0, sizeof *state);
  if (spw_files_init(&state->files, path, 0u) != SPW_OK) {
    complain(path, "", "the name is empty or too long");
    return false;
  }
  state->id = id;
  state->quiet = quiet;
  state->config.size = (uint32_t)sizeof state->config;
  state->config.store = &state->files.store;
  state->config.mirror = state->mirror;
  state->config.mirror_size = (uint32_t)sizeof state->mirror;
  state->config.retained = true;
  (void)spw_keep_open(&state->keep, &state->config);
  if (spw_keep_trouble(&state->keep) != 0) {
    (void)fprintf(stderr, "%s: what is in %s cannot be used, it begins anew: %s\n", id, path,
                  spw_files_error(&state->files));
  }
  return true;
}

bool state_attach(state_t *state, spw_client_t *client) {
  (void)spw_keep_attach(&state->keep, client);
  while (!spw_keep_flush(&state->keep)) { /* twice at most: a file is written at once */
  }
  if (spw_keep_trouble(&state->keep) != 0) {
    complain(state->files.path, "", spw_files_error(&state->files));
    return false;
  }
  if (!state->quiet) {
    (void)fprintf(stderr, "%s: start %lu, round %lu was committed last\n", state->id,
                  (unsigned long)spw_keep_boots(&state->keep), (unsigned long)spw_keep_round(&state->keep));
  }
  return true;
}

void state_event(state_t *state, const spw_event_t *event) {
  spw_keep_event(&state->keep, event);
  if (spw_keep_resumed(&state->keep) && !state->resumed) {
    state->resumed = true;
    if (!state->quiet) {
      (void)fprintf(stderr, "%s: the finished update is still here\n", state->id);
    }
  }
  tell_trouble(state);
}
