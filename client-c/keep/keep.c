/* What outlives a power cut: the record, when it changes, and how a finished update is taken up again. */
#include "speedwell/keep.h"

#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "layout.h"
#include "speedwell/options.h"
#include "update.h"

/* Of spw_kept_t: its version in the last byte. */
#define FAMILY 0x4B505300u
#define SCHEMA (FAMILY + 1u)

_Static_assert(sizeof(spw_kept_t) == (uint32_t)SPW_KEEP_BYTES, "no padding, on any machine");

static bool config_good(const spw_keep_config_t *config) {
  bool good = (config != NULL) && (config->size >= sizeof(spw_keep_config_t)) && (config->store != NULL) &&
              (config->mirror != NULL) && (config->carried_size <= (uint32_t)SPW_MS_MOST);
  if (good) {
    const spw_store_t *store = config->store;
    good = (store->read != NULL) && (store->write != NULL) && (store->poll != NULL) &&
           ((config->carried_size == 0u) || ((config->carried != NULL) && (config->committed != NULL)));
  }
  return good;
}

/* Takes the record out of `size` bytes of the mirror; what does not fit is as if it had never been kept. */
static void take_record(spw_keep_t *keep, uint32_t size) {
  const spw_keep_config_t *config = keep->config;
  spw_kept_t *kept = &keep->kept;
  if (size >= (uint32_t)SPW_KEEP_BYTES) {
    (void)memcpy(kept, config->mirror, sizeof(*kept)); /* MISRA deviation D.3 */
  }
  if (kept->schema != SCHEMA) {
    const uint32_t boots = ((kept->schema & 0xFFFFFF00u) == FAMILY) ? kept->boots : 0u;
    (void)memset(kept, 0, sizeof(*kept));
    kept->schema = SCHEMA;
    kept->boots = boots;
  }
  if ((config->carried_size == 0u) || (kept->carried_size != config->carried_size) ||
      (size != ((uint32_t)SPW_KEEP_BYTES + config->carried_size))) {
    kept->carried_size = 0u;
  } else {
    (void)memcpy(config->committed, &config->mirror[SPW_KEEP_BYTES], config->carried_size);
  }
}

spw_status_t spw_keep_open(spw_keep_t *keep, const spw_keep_config_t *config) {
  if ((keep == NULL) || (!config_good(config))) {
    return SPW_BAD_ARGUMENT;
  }
  if ((config->mirror_size < (uint32_t)SPW_KEEP_BYTES) ||
      ((config->mirror_size - (uint32_t)SPW_KEEP_BYTES) < config->carried_size)) {
    return SPW_TOO_SMALL;
  }
  (void)memset(keep, 0, sizeof(*keep));
  keep->config = config;
  const uint32_t capacity = (uint32_t)SPW_KEEP_BYTES + config->carried_size;
  const int32_t size = config->store->read(config->store->context, config->mirror, capacity);
  keep->trouble = (size < 0) ? (int32_t)SPW_STORE_FAILED : 0;
  take_record(keep, ((size > 0) && ((uint32_t)size <= capacity)) ? (uint32_t)size : 0u);
  keep->kept.boots += (keep->kept.boots < 0xFFFFFFFFu) ? 1u : 0u;
  keep->changed = true;
  return SPW_OK;
}

uint64_t spw_keep_seed(const spw_keep_t *keep, uint64_t seed) {
  return seed ^ ((uint64_t)keep->kept.boots * 0x9E3779B9u); /* another number for each boot */
}

spw_status_t spw_keep_attach(spw_keep_t *keep, spw_client_t *client) {
  if ((keep == NULL) || (client == NULL)) {
    return SPW_BAD_ARGUMENT;
  }
  spw_kept_t *kept = &keep->kept;
  const spw_keep_config_t *config = keep->config;
  const uint32_t layout_crc = spw_layout_crc(client->config->trainer);
  const bool same = (kept->layout_crc == layout_crc);
  keep->client = client;
  kept->layout_crc = layout_crc;
  kept->held = (same && config->retained) ? kept->held : 0u;
  if (config->carried_size > 0u) {
    if (same && (kept->carried_size == config->carried_size)) {
      (void)memcpy(config->carried, config->committed, config->carried_size);
    } else {
      (void)memcpy(config->committed, config->carried, config->carried_size);
    }
  }
  kept->carried_size = config->carried_size;
  return SPW_OK;
}

/* Before the first byte of a blob of the kept update; of a constant run id, round and update id are 0. */
static uint32_t checksum_start(const spw_kept_t *kept, uint32_t role, uint32_t encoding, uint32_t length) {
  const bool constant = (role == (uint32_t)speedwell_Role_ROLE_CONFIG);
  const spw_blob_key_t key = {constant ? 0u : kept->run,       role,  encoding, constant ? 0u : kept->round,
                              constant ? 0u : kept->update_id, length};
  return spw_crc_blob(&key);
}

static bool intact(const spw_kept_t *kept, uint32_t role, const uint8_t *bytes, uint32_t size, uint32_t expected) {
  return spw_crc_end(spw_crc_add(checksum_start(kept, role, 0u, size), bytes, size)) == expected;
}

/* Whether all but the update itself is there; a config of 0 bytes is none, and has no checksum. */
static bool surroundings_intact(const spw_kept_t *kept, const spw_client_config_t *config, uint32_t update_size) {
  const spw_encoding_t *encoding = config->encoding;
  return ((kept->encoding == 0u) || ((encoding != NULL) && (encoding->id == kept->encoding) &&
                                     ((4u * (uint64_t)encoding->capacity) >= update_size))) &&
         (kept->metrics_size <= config->metrics_size) && (kept->config_size <= config->config_size) &&
         intact(kept, (uint32_t)speedwell_Role_ROLE_METRICS, config->metrics_buffer, kept->metrics_size,
                kept->metrics_crc) &&
         ((kept->config_size == 0u) || intact(kept, (uint32_t)speedwell_Role_ROLE_CONFIG, config->config_buffer,
                                              kept->config_size, kept->config_crc));
}

/* The client as it was when the update was finished: it waits for its task to be offered again. */
static void take_up(spw_client_t *client, const spw_kept_t *kept) {
  client->run.id = kept->run;
  client->run.encoding = kept->encoding;
  client->run.config_held = true;
  client->run.config_size = kept->config_size;
  client->run.config_crc = kept->config_crc;
  client->given.kind = (uint8_t)SPW_KIND_TRAIN;
  client->given.round = kept->round;
  client->result.examples_held = kept->examples_held;
  client->result.examples_used = kept->examples_used;
  client->result.steps = kept->steps;
  client->result.work_norm = kept->work_norm;
  client->result.loss_before = kept->loss_before;
  client->result.loss_after = kept->loss_after;
  client->result.metrics_size = kept->metrics_size;
  client->task.number = kept->number;
  client->task.attempt = kept->attempt;
  client->task.parameters_crc = kept->parameters_crc;
  client->task.update_id = kept->update_id;
  client->task.update_crc = kept->update_crc;
  client->task.metrics_crc = kept->metrics_crc;
  client->task.cause = kept->cause;
  client->task.phase = (uint8_t)SPW_PHASE_FINISHED;
}

/* Takes a slice of the kept update into its checksum; after the last one the update is taken up, or forgotten. */
static SPW_NOINLINE void prove(spw_keep_t *keep) {
  spw_client_t *client = keep->client;
  spw_kept_t *kept = &keep->kept;
  const spw_trainer_t *trainer = client->config->trainer;
  const spw_encoding_t *encoding = (kept->encoding != 0u) ? client->config->encoding : NULL;
  const uint32_t total = spw_update_size(trainer, SPW_UP);
  if (keep->proved == 0u) {
    keep->crc = checksum_start(kept, (uint32_t)speedwell_Role_ROLE_UPDATE, kept->encoding, total);
    kept->held = surroundings_intact(kept, client->config, total) ? kept->held : 0u;
  }
  const uint32_t until = keep->proved + spw_least((uint32_t)SPW_SLICE_BYTES, total - keep->proved);
  while ((kept->held != 0u) && (keep->proved < until)) {
    uint8_t bytes[64] = {0};
    const uint32_t size = spw_least((uint32_t)sizeof(bytes), until - keep->proved);
    spw_update_read(trainer, encoding, keep->proved, bytes, size);
    keep->crc = spw_crc_add(keep->crc, bytes, size);
    keep->proved += size;
  }
  if ((kept->held != 0u) && (keep->proved == total)) {
    keep->resumed = (spw_crc_end(keep->crc) == kept->update_crc);
    if (keep->resumed) {
      take_up(client, kept);
    } else {
      kept->held = 0u;
    }
  }
}

/* Begins to write what has changed, or goes on with what is being written. */
static void save(spw_keep_t *keep) {
  const spw_keep_config_t *config = keep->config;
  const spw_store_t *store = config->store;
  if (keep->saving) {
    const int32_t result = store->poll(store->context);
    keep->saving = (result == 0);
    if (result != 0) {
      keep->trouble = (result > 0) ? 0 : result;
    }
  }
  if (keep->changed && (!keep->saving)) {
    (void)memcpy(config->mirror, &keep->kept, sizeof(keep->kept)); /* MISRA deviation D.3 */
    if (config->carried_size > 0u) {
      (void)memcpy(&config->mirror[SPW_KEEP_BYTES], config->committed, config->carried_size);
    }
    const int32_t result =
        store->write(store->context, config->mirror, (uint32_t)SPW_KEEP_BYTES + config->carried_size);
    keep->saving = (result > 0);
    keep->changed = (result == 0);
    if (result < 0) {
      keep->trouble = result;
    }
  }
}

/* What must be done before the client is stepped; true: it is. */
static SPW_NOINLINE bool start(spw_keep_t *keep, uint32_t slices) {
  if (!keep->started) {
    for (uint32_t i = 0u; (i < slices) && (keep->kept.held != 0u) && (!keep->resumed); ++i) {
      prove(keep);
    }
    keep->started = ((keep->kept.held == 0u) || keep->resumed) && (!keep->changed) && (!keep->saving);
  }
  return keep->started;
}

spw_wish_t spw_keep_step(spw_keep_t *keep, uint32_t now_ms, uint32_t slices) {
  const uint32_t soon = spw_clock_after(now_ms, 1u); /* a job of the store is looked at again */
  spw_wish_t wish = {false, false, false, soon};
  save(keep);
  if (start(keep, slices)) {
    wish = spw_client_step(keep->client, now_ms, slices);
    if (keep->changed) {
      save(keep);
    }
    if ((keep->changed || keep->saving) && (spw_clock_between(now_ms, wish.wake_at_ms) > 1u)) {
      wish.wake_at_ms = soon;
    }
  } else {
    wish.cpu = (keep->kept.held != 0u) && (!keep->resumed);
  }
  return wish;
}

/* A finished update: all that is said of it again after a reboot. */
static void keep_update(spw_kept_t *kept, const spw_client_t *client) {
  kept->run = client->run.id;
  kept->encoding = client->run.encoding;
  kept->config_size = client->run.config_size;
  kept->config_crc = client->run.config_crc;
  kept->round = client->given.round;
  kept->examples_held = client->result.examples_held;
  kept->examples_used = client->result.examples_used;
  kept->steps = client->result.steps;
  kept->work_norm = client->result.work_norm;
  kept->loss_before = client->result.loss_before;
  kept->loss_after = client->result.loss_after;
  kept->metrics_size = client->result.metrics_size;
  kept->number = client->task.number;
  kept->attempt = client->task.attempt;
  kept->parameters_crc = client->task.parameters_crc;
  kept->update_id = client->task.update_id;
  kept->update_crc = client->task.update_crc;
  kept->metrics_crc = client->task.metrics_crc;
  kept->cause = client->task.cause;
  kept->held = 1u;
}

void spw_keep_event(spw_keep_t *keep, const spw_event_t *event) {
  const spw_keep_config_t *config = keep->config;
  const spw_client_t *client = keep->client;
  const bool trained = (client->given.kind == (uint8_t)SPW_KIND_TRAIN); /* of an evaluation nothing is kept */
  if (trained && config->retained && (event->kind == SPW_EVENT_RESULT)) {
    keep_update(&keep->kept, client);
    keep->changed = true;
  } else if (trained && (event->kind == SPW_EVENT_COMMITTED)) {
    keep->kept.committed_run = client->run.id;
    keep->kept.committed_round = event->number;
    keep->kept.held = 0u;
    if (config->carried_size > 0u) {
      (void)memcpy(config->committed, config->carried, config->carried_size);
    }
    keep->changed = true;
  } else {
    /* nothing that outlives a cut */
  }
}

bool spw_keep_flush(spw_keep_t *keep) {
  save(keep);
  return (!keep->changed) && (!keep->saving);
}

void spw_keep_rewind(const spw_keep_t *keep) {
  const spw_keep_config_t *config = keep->config;
  if (config->carried_size > 0u) {
    (void)memcpy(config->carried, config->committed, config->carried_size);
  }
}

uint32_t spw_keep_boots(const spw_keep_t *keep) {
  return keep->kept.boots;
}

uint32_t spw_keep_round(const spw_keep_t *keep) {
  return keep->kept.committed_round;
}

uint64_t spw_keep_run(const spw_keep_t *keep) {
  return keep->kept.committed_run;
}

bool spw_keep_resumed(const spw_keep_t *keep) {
  return keep->resumed;
}

int32_t spw_keep_trouble(const spw_keep_t *keep) {
  return keep->trouble;
}
