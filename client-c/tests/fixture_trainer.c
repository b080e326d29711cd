#include "fixture_trainer.h"

#include <string.h>

#include "speedwell/metrics.h"
#include "testing.h"

static bool begin(void *context, const spw_task_t *task) {
  fixture_trainer_t *self = context;
  self->task = *task;
  self->steps = 0u;
  self->hints = 0u;
  assert_int_equal(self->begun, self->finished); /* one task at a time */
  if (self->refuses) {
    return false;
  }
  ++self->begun;
  return true;
}

static void add_one(float *values, uint32_t count) {
  for (uint32_t i = 0u; i < count; ++i) {
    values[i] += 1.0f;
  }
}

static spw_step_t step(void *context, spw_hint_t hint) {
  fixture_trainer_t *self = context;
  add_one(self->weight, 40u);
  add_one(self->head, 5u);
  add_one(self->bias, 3u);
  ++self->steps;
  self->hints += (hint == SPW_HINT_WRAP_UP) ? 1u : 0u;
  spw_step_t next = (self->steps >= self->steps_wanted) ? SPW_STEP_DONE : SPW_STEP_MORE;
  if ((hint == SPW_HINT_WRAP_UP) && self->ends_at_hint) {
    next = SPW_STEP_DONE;
  }
  return self->fails ? SPW_STEP_FAILED : next;
}

static void finish(void *context, spw_cause_t cause, spw_result_t *result) {
  fixture_trainer_t *self = context;
  ++self->finished;
  assert_int_equal(self->begun, self->finished);
  self->cause = cause;
  result->examples_held = 100u;
  result->examples_used = 10u * self->steps;
  result->steps = self->steps;
  result->work_norm = (float)self->steps;
  result->loss_before = 2.5f;
  result->loss_after = 1.25f;
  for (uint32_t i = 0u; i < self->metrics; ++i) {
    assert_true(spw_metric_add(result, SPW_METRIC_MEAN, "accuracy", 0.75f, 100.0f));
  }
}

void fixture_trainer_init(fixture_trainer_t *self) {
  (void)memset(self, 0, sizeof(*self));
  const spw_tensor_t tensors[4] = {
      SPW_MATRIX("layer.weight", self->weight, 8u, 5u),
      {"head", self->head, {5u, 0u, 0u, 0u}, 1u, (uint8_t)SPW_RULE_LOCAL},
      {"norm", self->norm, {1u, 2u, 0u, 0u}, 2u, (uint8_t)SPW_RULE_FROZEN},
      {"layer.bias", self->bias, {3u, 0u, 0u, 0u}, 1u, (uint8_t)SPW_RULE_SUM},
  };
  (void)memcpy(self->tensors, tensors, sizeof(tensors));
  self->trainer.self = self;
  self->trainer.tensors = self->tensors;
  self->trainer.tensor_count = 4u;
  self->trainer.begin = begin;
  self->trainer.step = step;
  self->trainer.finish = finish;
  self->steps_wanted = 5u;
}
