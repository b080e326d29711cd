#include "speedwell/supervised.h"

#include <stddef.h>
#include <string.h>

enum { PHASE_BEFORE = 0, PHASE_TRAIN = 1, PHASE_AFTER = 2, PHASE_EVALUATE = 3 };

static uint32_t smaller(uint32_t a, uint32_t b) {
  return (a < b) ? a : b;
}

/* The rows a scoring pass covers. */
static uint32_t pass_rows(const spw_supervised_t *learner) {
  const uint32_t limit = learner->task->max_examples;
  const bool limited = (learner->phase == (uint8_t)PHASE_EVALUATE) && (limit != 0u);
  return limited ? smaller(limit, learner->rows) : learner->rows;
}

/* Scores the next mini-batch of rows; true when the pass is over. */
static bool score_some(spw_supervised_t *learner) {
  const uint32_t total = pass_rows(learner);
  const uint32_t end = learner->position + smaller(learner->batch, total - learner->position);
  while (learner->position < end) {
    bool correct = false;
    learner->loss_sum += learner->score(learner->model, learner->position, &correct);
    learner->correct += correct ? 1u : 0u;
    learner->position++;
  }
  return learner->position == total;
}

static float mean_loss(const spw_supervised_t *learner) {
  return learner->loss_sum / (float)learner->position;
}

static void start_pass(spw_supervised_t *learner, uint8_t phase) {
  learner->phase = phase;
  learner->position = 0u;
  learner->correct = 0u;
  learner->loss_sum = 0.0f;
}

/* One mini-batch, shuffling at the start of an epoch. */
static void train_some(spw_supervised_t *learner) {
  const uint32_t limit = learner->task->max_examples;
  uint32_t count = smaller(learner->batch, learner->rows - learner->position);
  if (limit != 0u) {
    count = smaller(count, limit - learner->examples);
  }
  if (learner->position == 0u) {
    spw_random_shuffle(&learner->random, learner->order, learner->rows);
  }
  learner->train(learner->model, &learner->order[learner->position], count, learner->task);
  learner->position += count;
  learner->examples += count;
  learner->steps++;
  if (learner->position == learner->rows) {
    learner->position = 0u;
    learner->epochs++;
  }
}

static bool trained_enough(const spw_supervised_t *learner) {
  const spw_task_t *task = learner->task;
  const bool unlimited =
      (task->max_epochs == 0u) && (task->max_steps == 0u) && (task->max_examples == 0u) && (task->max_ms == 0u);
  const uint32_t epochs = unlimited ? 1u : task->max_epochs;
  return ((epochs != 0u) && (learner->epochs >= epochs)) ||
         ((task->max_steps != 0u) && (learner->steps >= task->max_steps)) ||
         ((task->max_examples != 0u) && (learner->examples >= task->max_examples));
}

static bool begin(void *self, const spw_task_t *task) {
  spw_supervised_t *learner = (spw_supervised_t *)self; /* MISRA deviation D.1 */
  const uint32_t usual = smaller((uint32_t)SPW_SUPERVISED_BATCH, learner->batch_most);
  const bool evaluates = task->kind == (uint8_t)SPW_KIND_EVALUATE;
  learner->task = task;
  learner->random.state = task->seed;
  learner->batch = spw_config_u32(task, "batch", usual);
  learner->epochs = 0u;
  learner->steps = 0u;
  learner->examples = 0u;
  learner->loss_before = 0.0f;
  learner->loss_after = 0.0f;
  start_pass(learner, evaluates ? (uint8_t)PHASE_EVALUATE : (uint8_t)PHASE_BEFORE);
  /* The order is a function of the seed, not of the tasks before. */
  for (uint32_t row = 0u; row < learner->rows; row++) {
    learner->order[row] = row;
  }
  return (learner->rows >= 1u) && (learner->batch >= 1u) && (learner->batch <= learner->batch_most) &&
         (evaluates || (task->kind == (uint8_t)SPW_KIND_TRAIN));
}

static spw_step_t step(void *self, spw_hint_t hint) {
  spw_supervised_t *learner = (spw_supervised_t *)self; /* MISRA deviation D.1 */
  bool done = (hint == SPW_HINT_WRAP_UP);
  if (done && (learner->phase == (uint8_t)PHASE_BEFORE)) {
    start_pass(learner, (uint8_t)PHASE_TRAIN);
  }
  switch (learner->phase) {
    case PHASE_BEFORE:
      if (score_some(learner)) {
        learner->loss_before = mean_loss(learner);
        start_pass(learner, (uint8_t)PHASE_TRAIN);
      }
      break;
    case PHASE_TRAIN:
      train_some(learner);
      if (trained_enough(learner)) {
        start_pass(learner, (uint8_t)PHASE_AFTER);
      }
      break;
    case PHASE_AFTER:
      if (score_some(learner)) {
        learner->loss_after = mean_loss(learner);
        done = true;
      }
      break;
    default: /* PHASE_EVALUATE */
      done = score_some(learner) || done;
      break;
  }
  return done ? SPW_STEP_DONE : SPW_STEP_MORE;
}

static void finish(void *self, spw_cause_t cause, spw_result_t *result) {
  spw_supervised_t *learner = (spw_supervised_t *)self; /* MISRA deviation D.1 */
  if ((cause == SPW_CAUSE_DONE) || (cause == SPW_CAUSE_WRAPPED_UP)) {
    result->examples_held = learner->rows;
    if (learner->phase == (uint8_t)PHASE_EVALUATE) {
      const float scored = (float)learner->position;
      result->examples_used = learner->position;
      if (learner->position != 0u) {
        (void)spw_metric_add(result, SPW_METRIC_MEAN, "accuracy", (float)learner->correct / scored, scored);
        (void)spw_metric_add(result, SPW_METRIC_MEAN, "loss", mean_loss(learner), scored);
      }
    } else {
      result->examples_used = learner->examples;
      result->steps = learner->steps;
      result->work_norm = (float)learner->steps;
      result->loss_before = learner->loss_before;
      result->loss_after = learner->loss_after;
    }
  }
  learner->task = NULL;
}

spw_supervised_t spw_supervised(void *model, spw_supervised_train_t train, spw_supervised_score_t score, uint32_t rows,
                                uint32_t *order, uint32_t batch_most) {
  spw_supervised_t learner;
  (void)memset(&learner, 0, sizeof learner);
  learner.model = model;
  learner.train = train;
  learner.score = score;
  learner.rows = rows;
  learner.order = order;
  learner.batch_most = batch_most;
  return learner;
}

spw_trainer_t spw_supervised_trainer(spw_supervised_t *learner, const spw_tensor_t *tensors, uint32_t tensor_count) {
  spw_trainer_t trainer;
  (void)memset(&trainer, 0, sizeof trainer);
  trainer.self = learner;
  trainer.tensors = tensors;
  trainer.tensor_count = tensor_count;
  trainer.begin = &begin;
  trainer.step = &step;
  trainer.finish = &finish;
  return trainer;
}
