/* The result and its blobs on their way up, by the server's grants. */
#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "codec.h"
#include "frame.h"
#include "update.h"

#define NO_CREDIT 0xFFFFFFFFu

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

/* The outer number of the message that may be sent now; 0: none. */
static uint32_t next(const spw_client_t *client) {
  const spw_held_task_t *task = &client->task;
  const bool offered = (task->handle != 0u); /* on this connection */
  uint32_t number = 0u;
  if (offered && (task->phase == (uint8_t)SPW_PHASE_FINISHED)) {
    number = speedwell_ToServer_result_tag;
  } else if (offered && (task->phase == (uint8_t)SPW_PHASE_UPLOADING) && (task->at < task->credit)) {
    number = speedwell_ToServer_chunk_tag;
  } else {
    /* a grant is to come, or nothing */
  }
  return number;
}

bool spw_upload_pending(const spw_client_t *client) {
  return next(client) != 0u;
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
  //@ loop unroll 2;
  for (; count < 2u; ++count) {
    const uint32_t length = blob_length(client, count);
    if (length == 0u) {
      break;
    }
    const bool update = is_update(client, count);
    const uint32_t crc = update ? task->update_crc : task->metrics_crc;
    lists->roles[count] = update ? (uint8_t)speedwell_Role_ROLE_UPDATE : (uint8_t)speedwell_Role_ROLE_METRICS;
    lists->encodings[count] = update ? client->run.encoding : 0u;
    //@ split at;
    at += spw_put_varint(&lists->lengths[at], length);
    spw_copy_number(&lists->crcs[4u * count], (const uint8_t *)&crc, 4u);
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
  spw_link_send(client, speedwell_ToServer_chunk_tag, &chunk);
  uint8_t *data = NULL;
  //@ split size;
  data = &config->send_buffer[client->send_limit - size];
  if (is_update(client, task->blob)) {
    spw_update_read(config->trainer, spw_work_encoding(client), at, data, size);
  } else {
    const uint32_t from = spw_least(at, config->metrics_size);
    //@ split from;
    (void)memcpy(data, &config->metrics_buffer[from], spw_least(size, config->metrics_size - from));
  }
  task->at = at + size;
}

bool spw_upload_send(spw_client_t *client) {
  const uint32_t number = next(client);
  if (number == (uint32_t)speedwell_ToServer_result_tag) {
    send_result(client);
  } else if (number == (uint32_t)speedwell_ToServer_chunk_tag) {
    send_chunk(client);
  } else {
    /* nothing to send */
  }
  return number != 0u;
}

/* A grant may be the first one, extend the credit, or be for the next blob once this one is sent. */
static bool fits_in(const spw_client_t *client, const speedwell_Grant *grant) {
  const spw_held_task_t *task = &client->task;
  bool fits = !task->granted;
  if (fits) {
    /* the first one: a blob may be taken up where it was */
  } else if (grant->blob == task->blob) {
    fits = (grant->offset <= task->at);
  } else {
    fits = (task->at == blob_length(client, task->blob));
  }
  return fits;
}

static void take_grant(spw_client_t *client, const speedwell_Grant *grant) {
  spw_held_task_t *task = &client->task;
  const uint32_t length = blob_length(client, grant->blob);
  uint32_t credit = NO_CREDIT;
  if ((task->phase == (uint8_t)SPW_PHASE_UPLOADING) && (length > 0u) && (grant->offset <= length) &&
      (grant->length <= length)) {
    credit = grant->offset + grant->length;
  }
  if ((credit > length) || (!fits_in(client, grant))) {
    spw_session_violated(client);
  } else if (task->granted && (grant->blob == task->blob)) {
    task->credit = (credit > task->credit) ? credit : task->credit;
  } else {
    if (task->resumed && (grant->offset > 0u)) {
      spw_client_event(client, SPW_EVENT_RESUMED, grant->offset);
    }
    task->granted = true;
    task->blob = (uint8_t)(grant->blob & 0xFFu); /* one that does not fit has no length */
    task->at = grant->offset;
    task->credit = credit;
  }
}

void spw_upload_on_grant(spw_client_t *client, const speedwell_Grant *grant) {
  if ((grant->handle != 0u) && (grant->handle == client->task.handle)) { /* else it crossed a refusal */
    take_grant(client, grant);
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
