/* Work in slices: the base for the encoding, the trainer, the checksum of the update. */
#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "rng.h"
#include "speedwell/options.h"
#include "update.h"

bool spw_work_pending(const spw_client_t *client) {
  const uint8_t phase = client->task.phase;
  return (phase == (uint8_t)SPW_PHASE_PREPARING) || (phase == (uint8_t)SPW_PHASE_TRAINING) ||
         (phase == (uint8_t)SPW_PHASE_SUMMING);
}

uint32_t spw_work_update_size(const spw_client_t *client) {
  return (client->given.kind == (uint8_t)SPW_KIND_TRAIN) ? spw_update_size(client->config->trainer, SPW_UP) : 0u;
}

const spw_encoding_t *spw_work_encoding(const spw_client_t *client) {
  return (client->run.encoding != 0u) ? client->config->encoding : NULL;
}

static void begin(spw_client_t *client) {
  spw_held_task_t *task = &client->task;
  const spw_trainer_t *trainer = client->config->trainer;
  if (!spw_client_allowed(client)) {
    spw_task_refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_NOT_NOW);
  } else if (!trainer->begin(trainer->self, &client->given)) {
    spw_task_refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_TRAINER);
  } else {
    task->phase = (uint8_t)SPW_PHASE_TRAINING;
    spw_client_event(client, SPW_EVENT_TASK, client->given.round);
  }
}

static void prepare(spw_client_t *client) {
  spw_held_task_t *task = &client->task;
  const spw_encoding_t *encoding = spw_work_encoding(client);
  const uint32_t total = (encoding != NULL) ? spw_work_update_size(client) : 0u;
  if (task->at < total) {
    const uint32_t size = spw_least((uint32_t)SPW_SLICE_BYTES, spw_minus(total, task->at));
    spw_update_base(client->config->trainer, encoding, task->at, size);
    task->at += size;
  } else {
    begin(client);
  }
}

void spw_work_finish(spw_client_t *client, spw_cause_t cause) {
  const spw_client_config_t *config = client->config;
  spw_result_t *result = &client->result;
  (void)memset(result, 0, sizeof(*result));
  result->metrics = config->metrics_buffer;
  result->metrics_capacity = config->metrics_size;
  config->trainer->finish(config->trainer->self, cause, result);
  result->metrics_size = spw_least(result->metrics_size, config->metrics_size);
}

static void finish(spw_client_t *client, spw_cause_t cause) {
  spw_held_task_t *task = &client->task;
  task->phase = (uint8_t)SPW_PHASE_SUMMING; /* no longer training: finish is called once */
  spw_work_finish(client, cause);
  if (cause == SPW_CAUSE_FAILED) {
    spw_task_refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_TRAINER);
    return;
  }
  task->cause = (uint8_t)cause;
  do {
    task->update_id = spw_rng_next(&client->random);
  } while (task->update_id == 0u);
  task->update_crc =
      spw_blobs_start(client, (uint32_t)speedwell_Role_ROLE_UPDATE, client->run.encoding, spw_work_update_size(client));
  task->at = 0u;
}

static void train(spw_client_t *client) {
  const spw_held_task_t *task = &client->task;
  const spw_trainer_t *trainer = client->config->trainer;
  if (!spw_client_allowed(client)) {
    spw_task_refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_NOT_NOW);
  } else if (task->ended) {
    finish(client, SPW_CAUSE_WRAPPED_UP);
  } else {
    const spw_step_t step = trainer->step(trainer->self, task->hinted ? SPW_HINT_WRAP_UP : SPW_HINT_NONE);
    if (step == SPW_STEP_DONE) {
      finish(client, task->hinted ? SPW_CAUSE_WRAPPED_UP : SPW_CAUSE_DONE);
    } else if (step != SPW_STEP_MORE) {
      finish(client, SPW_CAUSE_FAILED);
    } else {
      /* more */
    }
  }
}

static uint32_t metrics_crc(const spw_client_t *client) {
  const uint32_t size = client->result.metrics_size;
  const uint32_t start = spw_blobs_start(client, (uint32_t)speedwell_Role_ROLE_METRICS, 0u, size);
  return spw_crc_end(spw_crc_add(start, client->config->metrics_buffer, size));
}

static void sum(spw_client_t *client) {
  enum { PIECE = 64 };
  spw_held_task_t *task = &client->task;
  const uint32_t total = spw_work_update_size(client);
  const uint32_t until = spw_least(task->at + (uint32_t)SPW_SLICE_BYTES, total);
  while (task->at < until) {
    uint8_t bytes[PIECE] = {0};
    const uint32_t size = spw_least((uint32_t)PIECE, spw_minus(until, task->at));
    spw_update_read(client->config->trainer, spw_work_encoding(client), task->at, bytes, size);
    task->update_crc = spw_crc_add(task->update_crc, bytes, size);
    task->at += size;
  }
  if (task->at == total) {
    task->update_crc = spw_crc_end(task->update_crc);
    task->metrics_crc = metrics_crc(client);
    task->phase = (uint8_t)SPW_PHASE_FINISHED;
    spw_client_event(client, SPW_EVENT_RESULT, client->given.round);
  }
}

void spw_work(spw_client_t *client, uint32_t slices) {
  for (uint32_t i = 0u; (i < slices) && spw_work_pending(client); ++i) {
    if (client->task.phase == (uint8_t)SPW_PHASE_PREPARING) {
      prepare(client);
    } else if (client->task.phase == (uint8_t)SPW_PHASE_TRAINING) {
      train(client);
    } else {
      sum(client);
    }
  }
}
