#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "client_internal.h"
#include "session_model.h"
#include "session_server.h"

/* The most steps of a session: it takes about 200, and the longest wait about 100 more. */
enum { STEPS_MOST = 6000, TICK_MS = 3, NAP_MS = 5000, START_MS = 1000 };

static const fault_t *fault_at(const session_t *self, fault_kind_t kind, uint32_t at) {
  const fault_t *found = NULL;
  for (uint32_t i = 0u; i < 2u; ++i) {
    if ((self->faults[i].kind == kind) && (self->faults[i].at == at)) {
      found = &self->faults[i];
    }
  }
  return found;
}

/* Any of the kinds from `first` to `last`. */
static const fault_t *fault_of_call(const session_t *self, fault_kind_t first, fault_kind_t last) {
  const fault_t *found = NULL;
  for (fault_kind_t kind = first; (kind <= last) && (found == NULL); ++kind) {
    found = fault_at(self, kind, self->calls);
  }
  return found;
}

static int32_t note(session_t *self, char what, int32_t moved) {
  if (self->calls < (uint32_t)SESSION_CALLS) {
    self->log[self->calls].what = what;
    self->log[self->calls].moved = moved;
  }
  ++self->calls;
  self->broken = (moved < 0);
  return moved;
}

/* What a fault makes of a call that may move up to `size` bytes: at or below 0 instead of it, or the bytes left. */
static int32_t disturbed(session_t *self, uint32_t size, bool *excess) {
  const fault_t *fault = fault_of_call(self, FAULT_SHORT, FAULT_EXCESS);
  int32_t allowed = (int32_t)size;
  assert_false(self->broken); /* nothing but close */
  *excess = false;
  if (fault != NULL) {
    switch (fault->kind) {
      case FAULT_SHORT:
        allowed = (fault->detail < size) ? (int32_t)fault->detail : (int32_t)size;
        break;
      case FAULT_AGAIN:
        allowed = 0;
        break;
      case FAULT_LOST:
        self->closed_doors = fault->detail;
        allowed = -1;
        break;
      case FAULT_STUCK:
        self->stuck = true;
        break;
      default:
        *excess = true;
        break;
    }
  }
  return ((allowed > 0) && self->stuck) ? 0 : allowed;
}

static int32_t told(session_t *self, char what, uint32_t size, int32_t moved, bool excess) {
  const int32_t count = note(self, what, excess ? ((int32_t)size + 1) : moved);
  self->broken = self->broken || excess;
  return count;
}

static int32_t transport_open(void *context) {
  session_t *self = context;
  bool excess = false;
  int32_t allowed = disturbed(self, 1u, &excess);
  if (self->closed_doors > 0u) {
    --self->closed_doors;
    allowed = -1;
  }
  return note(self, 'o', (allowed > 0) ? self->inner.open(self->inner.context) : allowed);
}

static void transport_close(void *context) {
  session_t *self = context;
  self->stuck = false;
  self->broken = false;
  self->inner.close(self->inner.context);
}

static void spoil(const session_t *self, fault_kind_t kind, uint8_t *bytes, int32_t count, uint32_t *total) {
  for (int32_t i = 0; i < count; ++i) {
    const fault_t *fault = fault_at(self, kind, *total);
    bytes[i] ^= (uint8_t)((fault != NULL) ? fault->detail : 0u);
    ++*total;
  }
}

static int32_t transport_send(void *context, const uint8_t *bytes, uint32_t size) {
  session_t *self = context;
  bool excess = false;
  const int32_t allowed = disturbed(self, size, &excess);
  int32_t moved = (allowed > 0) ? self->inner.send(self->inner.context, bytes, (uint32_t)allowed) : allowed;
  if (moved > 0) {
    pipe_t *up = &self->device->up;
    spoil(self, FAULT_UP_BYTE, &up->bytes[up->size - (uint32_t)moved], moved, &self->up_bytes);
  }
  return told(self, 's', size, moved, excess);
}

static int32_t transport_receive(void *context, uint8_t *bytes, uint32_t capacity) {
  session_t *self = context;
  bool excess = false;
  const int32_t allowed = disturbed(self, capacity, &excess);
  int32_t moved = (allowed > 0) ? self->inner.receive(self->inner.context, bytes, (uint32_t)allowed) : allowed;
  spoil(self, FAULT_DOWN_BYTE, bytes, moved, &self->down_bytes);
  return told(self, 'r', capacity, moved, excess);
}

/* Callbacks of the application. */

static session_t *session_of(fixture_t *device) {
  return device->session;
}

static bool may_train(void *application) {
  session_t *self = session_of(application);
  const bool denied = (fault_at(self, FAULT_DENIED, self->asked) != NULL);
  ++self->asked;
  return !denied;
}

static bool begin(void *context, const spw_task_t *task) {
  fixture_trainer_t *trainer = context;
  session_t *self = trainer->session;
  const bool refused = (fault_at(self, FAULT_BEGIN_REFUSED, self->begun) != NULL);
  ++self->begun;
  /* Never on anything but the round's parameters, whole. */
  assert_true(spw_client_model_valid(&self->device->client));
  assert_in_range(task->round, 1u, SESSION_TASKS);
  for (uint32_t i = 0u; i < 40u; ++i) {
    assert_true(trainer->weight[i] == session_parameter(task->round, i));
  }
  for (uint32_t i = 0u; i < 3u; ++i) {
    assert_true(trainer->bias[i] == session_parameter(task->round, 42u + i));
  }
  trainer->refuses = refused;
  trainer->steps_wanted = (task->round == 2u) ? 200u : 5u; /* the second is wrapped up long before */
  return self->trainer.begin(context, task);
}

static spw_step_t step(void *context, spw_hint_t hint) {
  fixture_trainer_t *trainer = context;
  session_t *self = trainer->session;
  trainer->fails = (fault_at(self, FAULT_STEP_FAILED, self->trained) != NULL);
  ++self->trained;
  return self->trainer.step(context, hint);
}

static void tell_time(session_t *self) {
  const fault_t *jump = fault_at(self, FAULT_CLOCK, self->steps);
  self->device->now += (uint32_t)TICK_MS + ((jump != NULL) ? jump->detail : 0u);
}

/* Nothing moves until later: sleeps as the device wished, but not long. */
static void sleep_if_idle(session_t *self) {
  fixture_t *device = self->device;
  const bool readable = device->opened && (device->down.at < device->down.size) && (!self->stuck);
  if ((!device->wish.cpu) && (!(device->wish.read && readable))) {
    const uint32_t wait = device->wish.wake_at_ms - device->now;
    assert_true(wait <= 0x7FFFFFFFu);
    device->now += (wait < (uint32_t)NAP_MS) ? wait : (uint32_t)NAP_MS;
  }
}

static uint32_t start_time(const fault_t faults[2]) {
  uint32_t start = START_MS;
  for (uint32_t i = 0u; i < 2u; ++i) {
    if (faults[i].kind == FAULT_CLOCK_WRAPS) {
      start = 0u - faults[i].at; /* steps and naps: the sweep goes through all the times */
    }
  }
  return start;
}

session_t *session_new(const fault_t faults[2], uint32_t piece) {
  session_t *self = calloc(1u, sizeof(*self));
  assert_non_null(self);
  fixture_t *device = fixture_new(SPW_FRAME_MIN);
  const spw_transport_t transport = {self, transport_open, transport_close, transport_send, transport_receive};
  self->device = device;
  device->session = self;
  device->trainer.session = self;
  self->inner = device->transport;
  self->trainer = device->trainer.trainer;
  device->transport = transport;
  device->trainer.trainer.begin = begin;
  device->trainer.trainer.step = step;
  device->trainer.ends_at_hint = true;
  device->trainer.metrics = 1u;
  device->config.may_train = may_train;
  (void)memcpy(self->faults, faults, sizeof(self->faults));
  device->piece = piece;
  device->now = start_time(faults);
  return self;
}

void session_conduct(session_t *self) {
  fixture_t *device = self->device;
  session_server_start(self);
  fixture_start(device);
  while (self->task < (uint32_t)SESSION_TASKS) {
    assert_true(self->steps < (uint32_t)STEPS_MOST); /* it never loops */
    tell_time(self);
    if (self->before_step != NULL) {
      self->before_step(self);
    }
    fixture_step(device);
    ++self->steps;
    if (!session_server_turn(self)) {
      sleep_if_idle(self);
    }
    if (device->client.session == (uint8_t)SPW_SESSION_WAITING) {
      assert_false(device->wish.read || device->wish.write); /* there is no stream to wait for */
    }
    self->complaints += fixture_events(device, SPW_EVENT_MALFORMED);
    device->event_count = 0u;
  }
  (void)memset(self->faults, 0, sizeof(self->faults));
  self->stuck = false;
  self->closed_doors = 0u;
  fixture_run(device); /* and comes to rest */
  assert_false(device->wish.cpu);
  assert_int_equal(device->trainer.begun, device->trainer.finished);
  for (uint32_t i = 0u; i < (uint32_t)SESSION_TASKS; ++i) {
    assert_int_not_equal(self->outcomes[i], OUTCOME_OPEN);
    assert_int_equal(self->counted[i], (self->outcomes[i] == OUTCOME_COUNTED) ? 1u : 0u);
  }
}

session_t *session_run(const fault_t faults[2], uint32_t piece) {
  session_t *self = session_new(faults, piece);
  session_conduct(self);
  return self;
}

void session_free(session_t *self) {
  fixture_free(self->device);
  free(self);
}

bool session_unharmed(const session_t *self) {
  return (self->outcomes[0] == OUTCOME_COUNTED) && (self->result_steps[0] == 5u) &&
         (self->outcomes[1] == OUTCOME_COUNTED) && (self->outcomes[2] == OUTCOME_COUNTED) &&
         (self->result_steps[2] == 5u);
}
