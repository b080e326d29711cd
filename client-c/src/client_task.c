/* The task held: its receipt, its time limits, and how it is refused, dropped and taken up again. */
#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "update.h"

void spw_task_drop(spw_client_t *client) {
  spw_held_task_t *task = &client->task;
  const bool training = (task->phase == (uint8_t)SPW_PHASE_TRAINING);
  task->phase = (uint8_t)SPW_PHASE_NONE;
  task->handle = 0u;
  if (client->fetch.role == (uint8_t)speedwell_Role_ROLE_PARAMETERS) {
    client->fetch.role = 0u;
  }
  if (training) {
    spw_work_finish(client, SPW_CAUSE_CANCELLED);
  }
}

void spw_task_unbind(spw_client_t *client) {
  spw_held_task_t *task = &client->task;
  if (task->phase == (uint8_t)SPW_PHASE_UPLOADING) {
    task->phase = (uint8_t)SPW_PHASE_FINISHED;
  }
  task->handle = 0u; /* it goes on without the server */
}

void spw_task_refuse(spw_client_t *client, uint32_t reason) {
  spw_held_task_t *task = &client->task;
  const uint32_t handle = task->handle;
  spw_task_drop(client);
  task->handle = handle; /* 0: said when the same task is offered again */
  task->refusal = (uint8_t)reason;
  task->phase = (uint8_t)SPW_PHASE_REFUSING;
}

bool spw_task_send_refusal(spw_client_t *client) {
  const spw_held_task_t *task = &client->task;
  const bool due = (task->phase == (uint8_t)SPW_PHASE_REFUSING) && (task->handle != 0u);
  if (due) {
    spw_link_refuse(client, task->handle, task->refusal, NULL);
    spw_task_drop(client);
  }
  return due;
}

/* Why this device does not take the task; 0: it does. */
static uint32_t objection(const spw_client_t *client, const speedwell_Task *offered, const spw_blobs_t *blobs,
                          uint32_t size) {
  const bool found = (size > 0u);
  const bool known = (offered->kind < 32u) && (((spw_client_kinds(client) >> offered->kind) & 1u) != 0u);
  uint32_t reason = 0u;
  if (!known) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_KIND;
  } else if (spw_blobs_count(blobs) > (found ? 1u : 0u)) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_ROLE;
  } else if (!spw_blobs_plain(blobs)) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_ENCODING;
  } else if (found && (size != spw_update_size(client->config->trainer, SPW_DOWN))) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_LAYOUT;
  } else if (!spw_client_allowed(client)) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_NOT_NOW;
  } else {
    /* welcome */
  }
  return reason;
}

static SPW_NOINLINE void set_limits(spw_client_t *client, uint32_t max_ms) {
  spw_held_task_t *task = &client->task;
  const uint32_t most = spw_least(max_ms, (uint32_t)SPW_MS_MOST);
  client->given.max_ms = most;
  task->timed = (most != 0u);
  task->hint_at = spw_clock_after(client->now, spw_clock_between(most / 8u, most));
  task->end_at = spw_clock_after(client->now, most);
}

static void take(spw_client_t *client, const speedwell_Task *offered, const spw_blobs_t *blobs, uint32_t size,
                 uint32_t crc) {
  spw_held_task_t *task = &client->task;
  (void)memset(task, 0, sizeof(*task));
  task->handle = offered->handle;
  task->number = offered->task;
  task->attempt = offered->attempt;
  client->given.kind = (uint8_t)(offered->kind & 0xFFu); /* one that does not fit is refused */
  client->given.round = offered->round;
  client->given.seed = offered->seed;
  client->given.max_epochs = offered->max_epochs;
  client->given.max_steps = offered->max_steps;
  client->given.max_examples = offered->max_examples;
  client->given.split = offered->split;
  client->given.phase = offered->phase;
  client->given.config.size = spw_least(client->run.config_size, client->config->config_size);
  set_limits(client, offered->max_ms);

  const uint32_t reason = objection(client, offered, blobs, size);
  if (reason != 0u) {
    spw_task_refuse(client, reason);
  } else if (size == 0u) {
    task->phase = (uint8_t)SPW_PHASE_PREPARING;
  } else { /* the parameters are its only blob */
    task->parameters_crc = crc;
    task->phase = (uint8_t)SPW_PHASE_FETCHING;
    spw_fetch_begin(client, (uint32_t)speedwell_Role_ROLE_PARAMETERS, 0u, size, crc);
  }
}

/* The same task again: after a lost link the device goes on where it was. */
static void resume(spw_client_t *client, const speedwell_Task *offered) {
  spw_held_task_t *task = &client->task;
  task->handle = offered->handle;
  task->resumed = true;
  if (task->phase == (uint8_t)SPW_PHASE_FETCHING) {
    set_limits(client, offered->max_ms);
    if (client->fetch.offset > 0u) {
      spw_client_event(client, SPW_EVENT_RESUMED, client->fetch.offset);
    }
    spw_fetch_grant(client);
  } else if ((task->phase >= (uint8_t)SPW_PHASE_FINISHED) && (task->phase <= (uint8_t)SPW_PHASE_ACCEPTED)) {
    task->phase = (uint8_t)SPW_PHASE_FINISHED; /* the same Result again, accepted before or not */
  } else {
    /* it trains, or its refusal is to be sent */
  }
}

/* Training and evaluation are about parameters. */
static bool wants_parameters(uint32_t kind) {
  return (kind == (uint32_t)SPW_KIND_TRAIN) || (kind == (uint32_t)SPW_KIND_EVALUATE);
}

void spw_task_on_task(spw_client_t *client, const speedwell_Task *offered) {
  const spw_held_task_t *task = &client->task;
  const spw_blobs_t blobs = {&offered->blob_role, &offered->blob_length, &offered->blob_crc, &offered->blob_encoding};
  const uint32_t parameters = spw_blobs_find(&blobs, (uint32_t)speedwell_Role_ROLE_PARAMETERS);
  const uint32_t size = spw_blobs_length(&blobs, parameters); /* all 0 without them */
  const uint32_t crc = spw_blobs_crc(&blobs, parameters);
  if ((offered->handle == 0u) || (offered->handle > (uint32_t)SPW_HANDLE_MOST) || (!spw_blobs_good(&blobs)) ||
      (wants_parameters(offered->kind) && (size == 0u))) {
    spw_session_violated(client);
    return;
  }
  if ((!client->run.ready) || (offered->run != client->run.handle)) {
    spw_link_refuse(client, offered->handle, (uint32_t)speedwell_RefuseReason_REFUSE_UNKNOWN, NULL);
    return;
  }
  const bool same = (task->phase != (uint8_t)SPW_PHASE_NONE) && (client->given.round == offered->round) &&
                    (task->number == offered->task) && (task->attempt == offered->attempt) &&
                    (task->parameters_crc == crc);
  if (same) {
    resume(client, offered);
  } else {
    spw_task_drop(client);
    take(client, offered, &blobs, size, crc);
  }
}

void spw_task_fetched(spw_client_t *client, bool intact) {
  if (intact) {
    client->model_valid = true;
    client->task.phase = (uint8_t)SPW_PHASE_PREPARING;
  } else {
    spw_task_refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_CHECKSUM);
  }
}

/* Not begun: there is nothing to wrap up. */
static bool before_training(const spw_held_task_t *task) {
  return (task->phase == (uint8_t)SPW_PHASE_FETCHING) || (task->phase == (uint8_t)SPW_PHASE_PREPARING);
}

void spw_task_on_wrap_up(spw_client_t *client, const speedwell_WrapUp *wrap_up) {
  spw_held_task_t *task = &client->task;
  if ((wrap_up->handle != 0u) && (wrap_up->handle == task->handle)) {
    const uint32_t end_at = spw_clock_after(client->now, spw_least(wrap_up->within_ms, (uint32_t)SPW_MS_MOST));
    if ((!task->timed) || (spw_client_wait(client, end_at) < spw_client_wait(client, task->end_at))) {
      task->end_at = end_at;
    }
    task->hint_at = client->now;
    task->timed = true;
  } else {
    /* of a task this device does not hold any more */
  }
}

void spw_task_on_cancel(spw_client_t *client, const speedwell_Cancel *cancel) {
  const bool of_task = (cancel->handle != 0u) && (cancel->handle == client->task.handle);
  const bool of_run = (cancel->handle != 0u) && (cancel->handle == client->run.handle);
  if (of_task || of_run) {
    spw_task_drop(client);
    if (of_run) {
      spw_offer_drop(client);
    }
    spw_client_event(client, SPW_EVENT_CANCELLED, cancel->reason);
  }
}

void spw_task_check_time(spw_client_t *client) {
  spw_held_task_t *task = &client->task;
  const bool open = before_training(task) || (task->phase == (uint8_t)SPW_PHASE_TRAINING);
  if (open && task->timed) {
    task->hinted = task->hinted || spw_client_reached(client, task->hint_at);
    task->ended = spw_client_reached(client, task->end_at);
    if (task->hinted && before_training(task)) {
      spw_task_refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_NOT_NOW);
    }
  }
}

uint32_t spw_task_wait(const spw_client_t *client) {
  const spw_held_task_t *task = &client->task;
  uint32_t wait = (uint32_t)SPW_MS_MOST;
  if (task->timed && before_training(task)) {
    wait = spw_client_wait(client, task->hint_at);
  }
  return wait;
}
