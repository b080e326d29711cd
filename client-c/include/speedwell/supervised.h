/*
 * A ready-made trainer for models that learn from rows of examples, one mini-batch at a time. You give two functions,
 * "train on these rows" and "score this row"; epochs, shuffling, limits, wrap-up, losses and metrics are done here.
 *
 *   spw_supervised_t learner = spw_supervised(&net, train, score, rows, order, 32u);
 *   const spw_trainer_t trainer = spw_supervised_trainer(&learner, tensors, 4u);
 *
 * A train task: the mean loss over all rows (loss_before); epochs over the rows, each in its own random order drawn
 * from the task's seed; the mean loss again (loss_after). With the same seed, parameters and rows, the same bits.
 * An evaluate task: the metrics "accuracy" and "loss", means over the rows scored, weighted by their number.
 *
 * No step handles more than one mini-batch of rows. A wrap-up ends the task with the step it comes with; losses that
 * were not measured over all rows are then left out. A task that was wrapped up before its first mini-batch trains
 * one, so that what it sends is not just the model it got.
 *
 * Of the run's configuration it reads `batch` (u32): rows in a mini-batch, 1..batch_most; if absent,
 * SPW_SUPERVISED_BATCH or batch_most, whichever is smaller. A batch of 0 or above batch_most refuses the task.
 * Limits of a train task: epochs, steps, examples (rows trained, with repeats); without one of these three and without
 * a time limit, one epoch. Of an evaluate task: examples.
 */
#ifndef SPEEDWELL_SUPERVISED_H
#define SPEEDWELL_SUPERVISED_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/config.h"
#include "speedwell/metrics.h"
#include "speedwell/random.h"
#include "speedwell/trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SPW_SUPERVISED_BATCH = 8 };

/* One optimiser step on `count` rows, 1..batch_most, whose numbers are at `rows`. */
typedef void (*spw_supervised_train_t)(void *model, const uint32_t *rows, uint32_t count, const spw_task_t *task);

/* The loss of one row at the present parameters; *correct: whether the model was right about it. */
typedef float (*spw_supervised_score_t)(void *model, uint32_t row, bool *correct);

/* The trainer's state; its members are private. It must not move once spw_supervised_trainer has seen it. */
typedef struct {
  void *model;
  spw_supervised_train_t train;
  spw_supervised_score_t score;
  uint32_t rows;
  uint32_t *order;
  uint32_t batch_most;
  const spw_task_t *task;
  spw_random_t random;
  uint8_t phase;
  uint32_t batch;
  uint32_t position; /* next row of the pass at hand */
  uint32_t epochs;   /* complete ones */
  uint32_t steps;
  uint32_t examples;
  uint32_t correct;
  float loss_sum;
  float loss_before;
  float loss_after;
} spw_supervised_t;

/* model: handed to the two functions. rows: examples held, >= 1; order: room for so many numbers, which must outlive
 * the learner. batch_most: the largest mini-batch the device agrees to, >= 1: it bounds the time of a slice. */
spw_supervised_t spw_supervised(void *model, spw_supervised_train_t train, spw_supervised_score_t score, uint32_t rows,
                                uint32_t *order, uint32_t batch_most);

/* A trainer over `learner`; add `kinds` and `numerics` to it as you need. The tensors must outlive it. */
spw_trainer_t spw_supervised_trainer(spw_supervised_t *learner, const spw_tensor_t *tensors, uint32_t tensor_count);

#ifdef __cplusplus
}
#endif

#endif
