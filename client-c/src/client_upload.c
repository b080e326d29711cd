/* The result and its blobs on their way up, by the server's grants. */
#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "codec.h"
#include "frame.h"
#include "update.h"

enum { CHUNK_HEAD_MOST = 26 }; /* of a frame with a Chunk, all but its data (PROTOCOL.md, section 9) */

/* The update comes first, if there is one; then the metrics, if there are any. */
static bool is_update(const spw_client_t *client, uint32_t blob) {
  return (blob == 0u) && (spw_work_update_size(client) > 0u);
}

/* 0: there is no such blob. */
static uint32_t blob_length(const spw_client_t *client, uint32_t blob) {
  const uint32_t update_size = spw_work_update_size(client);
  uint32_t length = 0u;
  if ((blob == 0u) && (update_size > 0u)) {
    length = update_size;
  } else if (blob == ((update_size > 0u) ? 1u : 0u)) {
    length = client->result.metrics_size;
  } else {
    /* none */
  }
  return length;
}

bool spw_upload_pending(const spw_client_t *client) {
  const spw_held_task_t *task = &client->task;
  return (task->handle != 0u) && ((task->phase == (uint8_t)SPW_PHASE_FINISHED) ||
                                  ((task->phase == (uint8_t)SPW_PHASE_UPLOADING) && (task->at < task->credit)));
}

/* The lists of the result's blobs, packed as they are sent; two blobs at most. */
typedef struct {
  uint8_t roles[2];
  uint8_t encodings[2];
  uint8_t lengths[10];
  uint8_t crcs[8];
} lists_t;

static SPW_NOINLINE void list_blobs(const spw_client_t *client, lists_t *lists, speedwell_Result *result) {
  const spw_held_task_t *task = &client->task;
  uint32_t count = 0u;
  uint32_t at = 0u; /* in the list of lengths */
  for (uint32_t blob = 0u; blob < 2u; ++blob) {
    const uint32_t length = blob_length(client, blob);
    if (length > 0u) {
      const bool update = is_update(client, blob);
      const uint32_t crc = update ? task->update_crc : task->metrics_crc;
      lists->roles[blob] = update ? (uint8_t)speedwell_Role_ROLE_UPDATE : (uint8_t)speedwell_Role_ROLE_METRICS;
      lists->encodings[blob] = update ? client->run.encoding : 0u;
      at += spw_put_varint(&lists->lengths[at], length);
      spw_copy_number(&lists->crcs[4u * blob], (const uint8_t *)&crc, 4u);
      ++count;
    }
  }
  result->blob_role.bytes = lists->roles;
  result->blob_role.size = count;
  result->blob_length.bytes = lists->lengths;
  result->blob_length.size = at;
  result->blob_crc.bytes = lists->crcs;
  result->blob_crc.size = 4u * count;
  result->blob_encoding.bytes = lists->encodings;
  result->blob_encoding.size = count;
}

static void send_result(spw_client_t *client) {
  spw_held_task_t *task = &client->task;
  lists_t lists;
  speedwell_Result result;
  result.handle = task->handle;
  result.update_id = task->update_id;
  result.cause = task->cause;
  result.examples_held = client->result.examples_held;
  result.examples_used = client->result.examples_used;
  result.steps = client->result.steps;
  result.work_norm = client->result.work_norm;
  result.loss_before = client->result.loss_before;
  result.loss_after = client->result.loss_after;
  list_blobs(client, &lists, &result);
  spw_link_send(client, speedwell_ToServer_result_tag, &result);
  task->phase = (uint8_t)SPW_PHASE_UPLOADING;
  task->granted = false;
  task->at = 0u;
  task->credit = 0u;
}

static void send_chunk(spw_client_t *client) {
  spw_held_task_t *task = &client->task;
  const spw_client_config_t *config = client->config;
  const uint32_t at = task->at;
  const uint32_t size = spw_least(spw_minus(task->credit, at), client->send_limit - (uint32_t)CHUNK_HEAD_MOST);
  /* Without its bytes: they are written straight into the room that is left for them, at the end. */
  const speedwell_Chunk chunk = {task->handle, task->blob, at, {NULL, size}};
  //@ split size;
  spw_link_send(client, speedwell_ToServer_chunk_tag, &chunk);
  uint8_t *data = &config->send_buffer[client->queued - size];
  if (is_update(client, task->blob)) {
    spw_update_read(config->trainer, spw_work_encoding(client), at, data, size);
  } else {
    //@ split at;
    (void)memcpy(data, &config->metrics_buffer[at], spw_least(size, spw_minus(config->metrics_size, at)));
  }
  task->at = at + size;
}

bool spw_upload_send(spw_client_t *client) {
  const bool pending = spw_upload_pending(client);
  if (pending && (client->task.phase == (uint8_t)SPW_PHASE_FINISHED)) {
    send_result(client);
  } else if (pending) {
    send_chunk(client);
  } else {
    /* nothing to send */
  }
  return pending;
}

/* Whether the grant may come now: the first one, one that extends the credit, or one for the next blob. */
static bool grant_fits(const spw_client_t *client, const speedwell_Grant *grant) {
  const spw_held_task_t *task = &client->task;
  const uint32_t length = blob_length(client, grant->blob);
  bool fits = (task->phase == (uint8_t)SPW_PHASE_UPLOADING) && (length > 0u) && (grant->offset <= length) &&
              (grant->length <= spw_minus(length, grant->offset));
  if (fits && task->granted) {
    fits = (grant->blob == task->blob) ? (grant->offset <= task->at) : (task->at == blob_length(client, task->blob));
  }
  return fits;
}

void spw_upload_on_grant(spw_client_t *client, const speedwell_Grant *grant) {
  spw_held_task_t *task = &client->task;
  if ((grant->handle == 0u) || (grant->handle != task->handle)) {
    /* it crossed a refusal */
  } else if (!grant_fits(client, grant)) {
    spw_session_violated(client);
  } else if (task->granted && (grant->blob == task->blob)) {
    const uint32_t credit = grant->offset + grant->length;
    task->credit = (credit > task->credit) ? credit : task->credit;
  } else {
    if (task->resumed && (grant->offset > 0u)) {
      spw_client_event(client, SPW_EVENT_RESUMED, grant->offset);
    }
    task->granted = true;
    task->blob = (uint8_t)grant->blob;
    task->at = grant->offset;
    task->credit = grant->offset + grant->length;
  }
}

void spw_upload_on_accepted(spw_client_t *client, const speedwell_Accepted *accepted) {
  spw_held_task_t *task = &client->task;
  /* Whatever its update id: the first result that was accepted counts. */
  if ((accepted->handle != 0u) && (accepted->handle == task->handle) && (task->phase == (uint8_t)SPW_PHASE_UPLOADING)) {
    task->phase = (uint8_t)SPW_PHASE_ACCEPTED;
    spw_client_event(client, SPW_EVENT_ACCEPTED, client->given.round);
  }
}

void spw_upload_on_committed(spw_client_t *client, const speedwell_Committed *committed) {
  const spw_held_task_t *task = &client->task;
  if ((committed->handle != 0u) && (committed->handle == task->handle) &&
      (task->phase == (uint8_t)SPW_PHASE_ACCEPTED)) {
    spw_task_drop(client);
    spw_client_event(client, SPW_EVENT_COMMITTED, committed->round);
  }
}
