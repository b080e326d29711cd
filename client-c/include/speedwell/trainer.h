/*
 * Trainer: what you implement. One shape serves training, evaluation and queries.
 *
 *   begin(self, task)          resets all state of earlier tasks; the parameters are in your tensors already
 *   step(self, hint)           does at most one slice (one sample or one mini-batch) and says more, done or failed
 *   finish(self, cause, result) called exactly once after each successful begin: fill in the result
 *
 * The client calls from spw_client_step only, never re-entrantly. Between begin and finish the tensors are yours;
 * after finish they stay untouched until the update is accepted or dropped.
 */
#ifndef SPEEDWELL_TRAINER_H
#define SPEEDWELL_TRAINER_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/view.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SPW_RANK_MAX = 4 };

/* What may happen to a tensor. */
typedef enum {
  SPW_RULE_MEAN = 0,  /* sent down, trained, sent up, averaged */
  SPW_RULE_SUM = 1,   /* sent down, sent up, summed */
  SPW_RULE_LOCAL = 2, /* never leaves the device, never comes from the server */
  SPW_RULE_FROZEN = 3 /* sent down, never sent up */
} spw_rule_t;

/* One tensor of the model: float32, C order, at `data`, which must hold the product of dims elements. */
typedef struct {
  const char *name; /* 1..64 bytes; the server's layout has the same names in the same order */
  float *data;
  uint32_t dims[SPW_RANK_MAX]; /* unused ones are 0 */
  uint8_t rank;                /* 1..SPW_RANK_MAX */
  uint8_t rule;                /* spw_rule_t */
} spw_tensor_t;

#define SPW_VECTOR(name_, data_, n_) \
  { (name_), (data_), {(n_), 0u, 0u, 0u}, 1u, (uint8_t)SPW_RULE_MEAN }
#define SPW_MATRIX(name_, data_, rows_, columns_) \
  { (name_), (data_), {(rows_), (columns_), 0u, 0u}, 2u, (uint8_t)SPW_RULE_MEAN }

typedef enum { SPW_KIND_TRAIN = 1, SPW_KIND_EVALUATE = 2, SPW_KIND_QUERY = 3 } spw_kind_t;

typedef enum {
  SPW_NUMERICS_ANY = 0, /* not stated */
  SPW_NUMERICS_IEEE = 1,
  SPW_NUMERICS_FTZ = 2
} spw_numerics_t;

/* What the server asks. Limits of 0 mean none. Valid from begin to finish. */
typedef struct {
  uint8_t kind; /* spw_kind_t */
  uint32_t round;
  uint64_t seed; /* differs per device and round; the only randomness a trainer may use */
  uint32_t max_epochs;
  uint32_t max_steps;
  uint32_t max_examples;
  uint32_t max_ms;   /* the client turns this into the wrap-up hint; a trainer may plan with it */
  uint32_t split;    /* which rows; 0: the trainer's usual ones */
  uint32_t phase;    /* for algorithms with more than one phase; else 0 */
  spw_view_t config; /* read it with config.h */
} spw_task_t;

typedef enum {
  SPW_HINT_NONE = 0,
  SPW_HINT_WRAP_UP = 1 /* finish this slice, then say done: partial work counts */
} spw_hint_t;

typedef enum { SPW_STEP_MORE = 0, SPW_STEP_DONE = 1, SPW_STEP_FAILED = 2 } spw_step_t;

typedef enum {
  SPW_CAUSE_DONE = 1,
  SPW_CAUSE_WRAPPED_UP = 2,
  SPW_CAUSE_FAILED = 3,
  SPW_CAUSE_CANCELLED = 4 /* the result will not be sent; clean up */
} spw_cause_t;

/* What a task came to. All zero when finish is called; metrics are added with metrics.h. */
typedef struct {
  uint32_t examples_held; /* weight of the update: how many examples the device has */
  uint32_t examples_used; /* work done, with repeats */
  uint32_t steps;         /* optimiser steps */
  float work_norm;        /* |a|_1 of FedNova (Wang 2020); = steps for plain constant-rate SGD; 0: not stated */
  float loss_before;      /* mean loss at the parameters received, 0: not measured */
  float loss_after;
  uint8_t *metrics; /* the client's metrics buffer */
  uint32_t metrics_capacity;
  uint32_t metrics_size;
} spw_result_t;

typedef struct {
  void *self;
  const spw_tensor_t *tensors;
  uint32_t tensor_count;                             /* 1..65535 */
  uint32_t kinds;                                    /* bit (1 << spw_kind_t); 0 stands for train and evaluate */
  uint32_t numerics;                                 /* spw_numerics_t */
  bool (*begin)(void *self, const spw_task_t *task); /* false: not this task (REFUSE_TRAINER); finish is not called */
  spw_step_t (*step)(void *self, spw_hint_t hint);
  void (*finish)(void *self, spw_cause_t cause, spw_result_t *result);
} spw_trainer_t;

#ifdef __cplusplus
}
#endif

#endif
