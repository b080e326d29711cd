#include "session_server.h"

#include <string.h>

#include "codec.h"
#include "frame.h"
#include "session_model.h"

enum {
  RUN_ID = 7,
  PATIENCE_MS = 150000,
  ATTEMPTS_MOST = 3,
  SILENCES_MOST = 4,
  CHUNK = 50,
  CREDIT = 60,
  WRAP_UP_STEPS = 3
};

static void be_patient(session_t *self) {
  self->patience = self->device->now + (uint32_t)PATIENCE_MS;
}

static const fault_t *frame_fault(const session_t *self, fault_kind_t kind) {
  const fault_t *found = NULL;
  for (uint32_t i = 0u; i < 2u; ++i) {
    const fault_t *fault = &self->faults[i];
    found = ((fault->kind == kind) && (fault->at == self->frames)) ? fault : found;
  }
  return found;
}

/* Says a message, unless a fault has something else in mind. */
static void say(session_t *self, const speedwell_ToDevice *message) {
  speedwell_ToDevice said = *message;
  const fault_t *back = frame_fault(self, FAULT_OFFSET_BACK);
  if (back != NULL) {
    if (said.which_message == speedwell_ToDevice_chunk_tag) {
      const uint32_t offset = said.message.chunk.offset;
      said.message.chunk.offset -= (back->detail < offset) ? back->detail : offset;
    } else if (said.which_message == speedwell_ToDevice_grant_tag) {
      const uint32_t offset = said.message.grant.offset;
      said.message.grant.offset -= (back->detail < offset) ? back->detail : offset;
    } else {
      /* has no offset */
    }
  }
  if (frame_fault(self, FAULT_FRAME_LOST) == NULL) {
    fixture_say(self->device, &said);
  }
  if (frame_fault(self, FAULT_FRAME_TWICE) != NULL) {
    fixture_say(self->device, &said);
  }
  if (self->frames < (uint32_t)SESSION_FRAMES) {
    self->said[self->frames] = said.which_message;
  }
  ++self->frames;
}

static void say_small(session_t *self, pb_size_t which, uint32_t handle, uint32_t number) {
  speedwell_ToDevice said = {0};
  said.which_message = which;
  said.message.wrap_up.handle = handle; /* WrapUp, Cancel, Accepted, Committed: all of this shape */
  said.message.wrap_up.within_ms = number;
  say(self, &said);
}

/* Grants a part of the rest, as a server short of memory might; the next when that part is there. */
static void say_grant(session_t *self, uint32_t blob, uint32_t offset) {
  const uint32_t left = self->result.length[blob] - offset;
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_grant_tag;
  said.message.grant.handle = self->task_handle;
  said.message.grant.blob = blob;
  said.message.grant.offset = offset;
  said.message.grant.length = (left < (uint32_t)CREDIT) ? left : (uint32_t)CREDIT;
  self->blob = blob;
  self->at = offset;
  self->credit = offset + said.message.grant.length;
  say(self, &said);
}

static void offer_run(session_t *self) {
  fixture_t *device = self->device;
  speedwell_ToDevice said = {0};
  blobs_t *blobs = &device->blobs;
  self->run = self->next_handle++;
  said.which_message = speedwell_ToDevice_run_offer_tag;
  said.message.run_offer.handle = self->run;
  said.message.run_offer.run_id = RUN_ID;
  said.message.run_offer.parameter_count = DOWN_ELEMENTS;
  said.message.run_offer.kinds = 6u;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = blobs->length_count = blobs->crc_count = 2u;
  blobs->role[0] = 1u;
  blobs->role[1] = 2u;
  blobs->length[0] = device->layout_size;
  blobs->length[1] = device->run_config_size;
  blobs->crc[0] = fixture_crc(0u, 1u, 0u, 0u, 0u, device->layout, device->layout_size);
  blobs->crc[1] = fixture_crc(0u, 2u, 0u, 0u, 0u, device->run_config, device->run_config_size);
  say(self, &said);
}

static void offer_task(session_t *self) {
  fixture_t *device = self->device;
  speedwell_ToDevice said = {0};
  speedwell_Task *task = &said.message.task;
  blobs_t *blobs = &device->blobs;
  session_make_parameters(self);
  self->task_handle = self->next_handle++;
  self->wrap_up_said = false;
  said.which_message = speedwell_ToDevice_task_tag;
  task->handle = self->task_handle;
  task->run = self->run;
  task->round = self->task + 1u;
  task->task = 10u + self->task;
  task->attempt = self->attempt;
  task->kind = (self->task == 2u) ? (uint32_t)SPW_KIND_EVALUATE : (uint32_t)SPW_KIND_TRAIN;
  task->seed = 99u;
  task->max_epochs = 2u;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = blobs->length_count = blobs->crc_count = 1u;
  blobs->role[0] = 16u;
  blobs->length[0] = sizeof(device->parameters);
  blobs->crc[0] =
      fixture_crc(RUN_ID, 16u, 0u, task->round, 0u, device->parameters, (uint32_t)sizeof(device->parameters));
  say(self, &said);
}

/* On to the next task; what was accepted counts. */
static void leave_task(session_t *self) {
  self->outcomes[self->task] = self->accepted ? OUTCOME_COUNTED : OUTCOME_NOTHING;
  ++self->task;
  self->attempt = 1u;
  self->silences = 0u;
  self->keeps = false;
  self->accepted = false;
}

static void end_task(session_t *self) {
  leave_task(self);
  if (self->task < (uint32_t)SESSION_TASKS) {
    offer_task(self);
  }
}

/* Tries the task again, or gives it up. */
static void fail_task(session_t *self, bool again) {
  if (again && (!self->accepted) && (self->attempt < (uint32_t)ATTEMPTS_MOST)) {
    ++self->attempt;
    self->keeps = false;
    offer_task(self);
  } else {
    end_task(self);
  }
}

static void send_chunks(session_t *self, uint32_t handle, uint32_t blob, const uint8_t *bytes, uint32_t size,
                        uint32_t offset) {
  for (uint32_t at = offset; at < size; at += (uint32_t)CHUNK) {
    speedwell_ToDevice said = {0};
    said.which_message = speedwell_ToDevice_chunk_tag;
    said.message.chunk.handle = handle;
    said.message.chunk.blob = blob;
    said.message.chunk.offset = at;
    said.message.chunk.data.bytes = &bytes[at];
    said.message.chunk.data.size = ((size - at) < (uint32_t)CHUNK) ? (size - at) : (uint32_t)CHUNK;
    say(self, &said);
  }
}

static void on_grant(session_t *self, const speedwell_Grant *grant) {
  fixture_t *device = self->device;
  if ((grant->handle == self->run) && (grant->blob == 1u)) {
    send_chunks(self, grant->handle, 1u, device->run_config, device->run_config_size, grant->offset);
  } else if (grant->handle == self->task_handle) {
    send_chunks(self, grant->handle, 0u, device->parameters, sizeof(device->parameters), grant->offset);
  } else {
    /* of what is over */
  }
}

static bool lists_good(const session_t *self, const blobs_t *blobs) {
  const uint32_t update = (self->task == 2u) ? 0u : 1u;
  const uint32_t count = update + 1u;
  return (blobs->role_count == count) && (blobs->length_count == count) && (blobs->crc_count == count) &&
         ((update == 0u) || ((blobs->role[0] == 17u) && (blobs->length[0] == (4u * UP_ELEMENTS)))) &&
         (blobs->role[update] == 18u) && (blobs->length[update] == (uint32_t)SESSION_METRICS);
}

static void on_result(session_t *self, const speedwell_Result *result) {
  const blobs_t *blobs = &self->device->heard_blobs;
  if (result->handle != self->task_handle) {
    /* crossed */
  } else if (self->accepted) { /* the same again: counted before */
    say_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, result->update_id);
    say_small(self, speedwell_ToDevice_committed_tag, self->task_handle, self->task + 1u);
    end_task(self);
  } else if (!lists_good(self, blobs)) {
    say_small(self, speedwell_ToDevice_cancel_tag, self->task_handle, speedwell_CancelReason_CANCEL_BLOBS);
    fail_task(self, true);
  } else {
    const bool same =
        self->keeps && (result->update_id == self->update_id) && (memcmp(blobs, &self->result, sizeof(*blobs)) == 0);
    const uint32_t blob = same ? self->blob : 0u;
    const uint32_t offset = same ? (self->at / 2u) : 0u; /* it may have lost some of what it held */
    self->keeps = true;
    self->result = *blobs;
    self->update_id = result->update_id;
    self->result_steps[self->task] = result->steps;
    say_grant(self, blob, offset);
  }
}

static void complete_blob(session_t *self) {
  const blobs_t *blobs = &self->result;
  const uint32_t crc = fixture_crc(RUN_ID, blobs->role[self->blob], blobs->encoding[self->blob], self->task + 1u,
                                   self->update_id, self->bytes[self->blob], blobs->length[self->blob]);
  if (crc != blobs->crc[self->blob]) {
    say_small(self, speedwell_ToDevice_cancel_tag, self->task_handle, speedwell_CancelReason_CANCEL_CHECKSUM);
    fail_task(self, true);
  } else if ((self->blob + 1u) < blobs->role_count) {
    say_grant(self, self->blob + 1u, 0u);
  } else {
    if (self->task < 2u) {
      session_check_update(self);
    }
    ++self->counted[self->task];
    self->accepted = true;
    say_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, self->update_id);
  }
}

static void on_chunk(session_t *self, const speedwell_Chunk *chunk) {
  if (self->keeps && (!self->accepted) && (chunk->handle == self->task_handle)) {
    const uint32_t left = self->credit - self->at;
    if ((chunk->blob == self->blob) && (chunk->offset == self->at) && (chunk->data.size >= 1u) &&
        (chunk->data.size <= left)) {
      (void)memcpy(&self->bytes[self->blob][self->at], chunk->data.bytes, chunk->data.size);
      self->at += chunk->data.size;
      if (self->at == self->result.length[self->blob]) {
        complete_blob(self);
      } else if (self->at == self->credit) {
        say_grant(self, self->blob, self->at);
      } else {
        /* more of it comes */
      }
    } else {
      self->device->broken = true; /* out of order: something was changed on its way */
    }
  }
}

static void on_hello(session_t *self) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_welcome_tag;
  said.message.welcome.version = 1u;
  said.message.welcome.token = 0x1122334455667788u;
  said.message.welcome.keep_alive_ms = 60000u;
  said.message.welcome.frame_limit = SPW_FRAME_MIN;
  say(self, &said);
  offer_run(self);
}

static void on_message(session_t *self, const speedwell_ToServer *heard) {
  speedwell_ToDevice said = {0};
  switch (heard->which_message) {
    case speedwell_ToServer_hello_tag:
      on_hello(self);
      break;
    case speedwell_ToServer_run_ready_tag:
      if ((heard->message.run_ready.run == self->run) && (self->task_handle == 0u)) {
        offer_task(self);
      }
      break;
    case speedwell_ToServer_refuse_tag:
      if (heard->message.refuse.handle == self->task_handle) {
        fail_task(self, heard->message.refuse.reason == (uint32_t)speedwell_RefuseReason_REFUSE_CHECKSUM);
      } else {
        self->device->broken = true; /* a run that was changed on its way: from the start */
      }
      break;
    case speedwell_ToServer_grant_tag:
      on_grant(self, &heard->message.grant);
      break;
    case speedwell_ToServer_chunk_tag:
      on_chunk(self, &heard->message.chunk);
      break;
    case speedwell_ToServer_result_tag:
      on_result(self, &heard->message.result);
      break;
    case speedwell_ToServer_keep_alive_tag:
      if (!heard->message.keep_alive.reply) {
        said.which_message = speedwell_ToDevice_keep_alive_tag;
        said.message.keep_alive.reply = true;
        say(self, &said);
      }
      break;
    default: /* Reject, Bye */
      break;
  }
}

/* A new connection: handles are void, the task at hand is kept. */
static void begin_connection(session_t *self) {
  self->connection = self->device->opened_times;
  self->next_handle = 1u;
  self->run = 0u;
  self->task_handle = 0u;
  be_patient(self);
}

/* Like fixture_hear, but what comes may have been changed on its way: then the connection ends. */
static bool hear(session_t *self, speedwell_ToServer *message) {
  fixture_t *device = self->device;
  const spw_span_t bytes = {device->up.bytes, device->up.at, device->up.size};
  spw_span_t body = {NULL, 0u, 0u};
  uint32_t number = 0u;
  const spw_frame_t found = spw_frame_find(&bytes, SPW_FRAME_MIN, &body);
  bool good = (found == SPW_FRAME_WHOLE);
  if (good) {
    device->up.at = body.end;
    const spw_decoded_t decoded = spw_decode(&spw_to_server, &body, &number, &message->message);
    message->which_message = (decoded == SPW_DECODED) ? (pb_size_t)number : 0u;
    device->broken = device->broken || (decoded == SPW_MALFORMED);
    if (message->which_message == speedwell_ToServer_result_tag) {
      fixture_take_lists(device, &message->message.result);
    }
  }
  device->broken = device->broken || (found == SPW_FRAME_BAD);
  return good && (!device->broken);
}

static void wrap_up_if_due(session_t *self) {
  const bool training = self->device->trainer.begun > self->device->trainer.finished;
  if ((self->task == 1u) && (!self->wrap_up_said) && training &&
      (self->device->trainer.steps >= (uint32_t)WRAP_UP_STEPS)) {
    self->wrap_up_said = true;
    say_small(self, speedwell_ToDevice_wrap_up_tag, self->task_handle, 60000u);
  }
}

static void lose_patience_if_due(session_t *self) {
  if ((self->device->now - self->patience) <= 0x7FFFFFFFu) {
    ++self->silences;
    self->device->broken = true;
    be_patient(self);
    if (self->silences > (uint32_t)SILENCES_MOST) {
      self->task_handle = 0u; /* the next one comes with the next connection */
      leave_task(self);
    }
  }
}

void session_server_start(session_t *self) {
  self->attempt = 1u;
  be_patient(self);
}

bool session_server_turn(session_t *self) {
  speedwell_ToServer heard;
  const uint32_t frames = self->frames;
  bool any = false;
  if (self->device->opened && (self->connection != self->device->opened_times)) {
    begin_connection(self);
  }
  while (self->device->opened && (self->task < (uint32_t)SESSION_TASKS) && hear(self, &heard)) {
    any = true;
    if ((heard.which_message != speedwell_ToServer_keep_alive_tag) && (heard.which_message != 0u)) {
      be_patient(self);
    }
    on_message(self, &heard);
  }
  if (self->device->opened && (self->task < (uint32_t)SESSION_TASKS) && (self->task_handle != 0u)) {
    if (self->accepted && (!any)) { /* a turn after Accepted the round is durable */
      say_small(self, speedwell_ToDevice_committed_tag, self->task_handle, self->task + 1u);
      end_task(self);
    } else {
      wrap_up_if_due(self);
    }
  }
  lose_patience_if_due(self);
  return any || (frames != self->frames);
}
