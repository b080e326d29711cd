/* A trainer that adds 1 to every element of its tensors in every slice, and remembers what it was told. */
#ifndef FIXTURE_TRAINER_H
#define FIXTURE_TRAINER_H

#include "speedwell/trainer.h"

enum { DOWN_ELEMENTS = 45, UP_ELEMENTS = 43 };

typedef struct {
  float weight[40];
  float head[5]; /* local */
  float norm[2]; /* frozen */
  float bias[3]; /* sum */
  spw_tensor_t tensors[4];
  spw_trainer_t trainer;
  uint32_t steps_wanted; /* slices until done */
  bool ends_at_hint;
  bool refuses;
  bool fails;
  uint32_t metrics; /* how many it gives */
  uint32_t begun;   /* times begin was called */
  uint32_t steps;   /* of the present task */
  uint32_t hints;   /* slices with the hint to wrap up */
  uint32_t finished;
  spw_cause_t cause; /* of the last finish */
  spw_task_t task;   /* of the last begin */
  void *session;     /* of the test that conducts it, or NULL */
} fixture_trainer_t;

void fixture_trainer_init(fixture_trainer_t *self);

#endif
