/* The ready-made trainer: slices, order of rows, limits, wrap-up, cancel, results. The model here only takes notes. */
#include "speedwell/supervised.h"

#include <stddef.h>
#include <string.h>

#include "check.h"

enum { ROWS = 21, BATCH_MOST = 16, TRAINED_MAX = 1024 };

typedef struct {
  uint32_t trained[TRAINED_MAX]; /* rows in the order they were trained */
  uint32_t trained_count;
  uint32_t train_calls;
  uint32_t scored;
  uint32_t order[ROWS];
  uint8_t metrics[128];
  spw_tensor_t tensor;
  spw_supervised_t learner;
  spw_trainer_t trainer;
  spw_task_t task;
  spw_result_t result;
} bench_t;

static void train(void *model, const uint32_t *rows, uint32_t count, const spw_task_t *task) {
  bench_t *bench = (bench_t *)model;
  assert_ptr_equal(task, &bench->task);
  assert_in_range(bench->trained_count + count, 1u, TRAINED_MAX);
  (void)memcpy(&bench->trained[bench->trained_count], rows, count * sizeof *rows);
  bench->trained_count += count;
  bench->train_calls++;
}

/* Loss: the row's number, less 1 for each training step so far. Rows 0..6 are right. */
static float score(void *model, uint32_t row, bool *correct) {
  bench_t *bench = (bench_t *)model;
  bench->scored++;
  *correct = (row < 7u);
  return (float)row - (float)bench->train_calls;
}

static void make(bench_t *bench, spw_kind_t kind) {
  (void)memset(bench, 0, sizeof *bench);
  bench->learner = spw_supervised(bench, train, score, ROWS, bench->order, BATCH_MOST);
  bench->trainer = spw_supervised_trainer(&bench->learner, &bench->tensor, 1u);
  bench->task.kind = (uint8_t)kind;
  bench->task.seed = 11u;
  bench->result.metrics = bench->metrics;
  bench->result.metrics_capacity = (uint32_t)sizeof bench->metrics;
}

static bool begin(bench_t *bench) {
  return bench->trainer.begin(bench->trainer.self, &bench->task);
}

static spw_step_t step(bench_t *bench, spw_hint_t hint) {
  return bench->trainer.step(bench->trainer.self, hint);
}

static void finish(bench_t *bench, spw_cause_t cause) {
  bench->trainer.finish(bench->trainer.self, cause, &bench->result);
}

/* Runs a task to its end, checking every slice: at most one optimiser step, at most `batch` rows. */
static uint32_t run(bench_t *bench, uint32_t batch) {
  uint32_t steps = 0u;
  spw_step_t said = SPW_STEP_MORE;
  assert_true(begin(bench));
  while (said == SPW_STEP_MORE) {
    const uint32_t calls = bench->train_calls;
    const uint32_t rows = bench->trained_count + bench->scored;
    said = step(bench, SPW_HINT_NONE);
    assert_in_range(bench->train_calls - calls, 0u, 1u);
    assert_in_range((bench->trained_count + bench->scored) - rows, 1u, batch);
    steps++;
    assert_in_range(steps, 1u, 1000u);
  }
  assert_int_equal(said, SPW_STEP_DONE);
  finish(bench, SPW_CAUSE_DONE);
  return steps;
}

/* The configuration {batch: value}. */
static void configure(bench_t *bench, uint8_t bytes[11], uint8_t value) {
  const uint8_t entry[11] = {2u, 5u, 'b', 'a', 't', 'c', 'h', value, 0u, 0u, 0u};
  (void)memcpy(bytes, entry, sizeof entry);
  bench->task.config.bytes = bytes;
  bench->task.config.size = (uint32_t)sizeof entry;
}

/* SPW-KIT-01 */
static void no_step_exceeds_one_mini_batch(void **state) {
  bench_t bench;
  uint8_t config[11];
  (void)state;
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_epochs = 2u;
  (void)run(&bench, 8u);
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_epochs = 2u;
  configure(&bench, config, 5u);
  (void)run(&bench, 5u);
  make(&bench, SPW_KIND_EVALUATE);
  configure(&bench, config, 16u);
  (void)run(&bench, 16u);
}

/* SPW-KIT-02 */
static void every_epoch_takes_every_row_once_in_an_order_of_its_own(void **state) {
  bench_t bench;
  (void)state;
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_epochs = 3u;
  (void)run(&bench, 8u);
  assert_int_equal(bench.trained_count, 3u * ROWS);
  for (uint32_t epoch = 0u; epoch < 3u; epoch++) {
    uint32_t seen = 0u;
    for (uint32_t i = 0u; i < ROWS; i++) {
      seen |= 1u << bench.trained[(epoch * ROWS) + i];
    }
    assert_int_equal(seen, (1u << ROWS) - 1u);
  }
  assert_memory_not_equal(&bench.trained[0], &bench.trained[ROWS], ROWS * sizeof bench.trained[0]);
}

/* SPW-KIT-04 */
static void the_result_says_what_was_done(void **state) {
  bench_t bench;
  (void)state;
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_epochs = 2u;
  (void)run(&bench, 8u);
  assert_int_equal(bench.result.examples_held, ROWS);
  assert_int_equal(bench.result.examples_used, 2u * ROWS);
  assert_int_equal(bench.result.steps, 6u); /* 8 + 8 + 5 rows, twice */
  assert_true(bench.result.work_norm == 6.0f);
  assert_true(bench.result.loss_before == 10.0f);
  assert_true(bench.result.loss_after == 4.0f);
  assert_int_equal(bench.result.metrics_size, 0u);
}

/* SPW-KIT-03 */
static void limits_end_training(void **state) {
  bench_t bench;
  (void)state;
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_epochs = 9u;
  bench.task.max_steps = 4u;
  (void)run(&bench, 8u);
  assert_int_equal(bench.result.steps, 4u);
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_examples = 26u; /* a whole epoch of 21, and 5 of the next 8 */
  (void)run(&bench, 8u);
  assert_int_equal(bench.result.examples_used, 26u);
  assert_int_equal(bench.result.steps, 4u);
  make(&bench, SPW_KIND_TRAIN); /* no limit at all */
  (void)run(&bench, 8u);
  assert_int_equal(bench.result.examples_used, ROWS);
  make(&bench, SPW_KIND_EVALUATE);
  bench.task.max_examples = 3u;
  (void)run(&bench, 8u);
  assert_int_equal(bench.result.examples_used, 3u);
}

/* SPW-KIT-03 */
static void a_time_limit_alone_trains_until_told_to_wrap_up(void **state) {
  bench_t bench;
  (void)state;
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_ms = 1000u;
  assert_true(begin(&bench));
  for (uint32_t i = 0u; i < 50u; i++) {
    assert_int_equal(step(&bench, SPW_HINT_NONE), SPW_STEP_MORE);
  }
  assert_int_equal(step(&bench, SPW_HINT_WRAP_UP), SPW_STEP_DONE);
}

/* SPW-KIT-03 */
static void wrap_up_ends_with_the_step_it_comes_with(void **state) {
  (void)state;
  for (uint32_t after = 0u; after < 12u; after++) { /* in every phase: 3 slices before, 6 of training, 3 after */
    bench_t bench;
    make(&bench, SPW_KIND_TRAIN);
    bench.task.max_epochs = 2u;
    assert_true(begin(&bench));
    for (uint32_t i = 0u; i < after; i++) {
      assert_int_equal(step(&bench, SPW_HINT_NONE), SPW_STEP_MORE);
    }
    const uint32_t rows = bench.trained_count + bench.scored;
    assert_int_equal(step(&bench, SPW_HINT_WRAP_UP), SPW_STEP_DONE);
    assert_in_range((bench.trained_count + bench.scored) - rows, 1u, 8u);
    finish(&bench, SPW_CAUSE_WRAPPED_UP);
    assert_int_equal(bench.result.examples_held, ROWS);
    assert_in_range(bench.result.steps, 1u, 6u); /* never just the model it got */
    assert_int_equal(bench.result.examples_used, bench.trained_count);
    assert_true((bench.result.loss_before == 10.0f) == (after >= 3u));
    assert_true((bench.result.loss_after == 4.0f) == (after == 11u));
  }
}

/* SPW-KIT-03, SPW-KIT-04 */
static void wrap_up_of_an_evaluation_keeps_what_was_scored(void **state) {
  bench_t bench;
  spw_result_t expected;
  uint8_t metrics[128];
  (void)state;
  make(&bench, SPW_KIND_EVALUATE);
  assert_true(begin(&bench));
  assert_int_equal(step(&bench, SPW_HINT_WRAP_UP), SPW_STEP_DONE);
  finish(&bench, SPW_CAUSE_WRAPPED_UP);
  (void)memset(&expected, 0, sizeof expected);
  expected.metrics = metrics;
  expected.metrics_capacity = (uint32_t)sizeof metrics;
  assert_true(spw_metric_add(&expected, SPW_METRIC_MEAN, "accuracy", 7.0f / 8.0f, 8.0f));
  assert_true(spw_metric_add(&expected, SPW_METRIC_MEAN, "loss", 3.5f, 8.0f));
  assert_int_equal(bench.result.metrics_size, expected.metrics_size);
  assert_memory_equal(bench.metrics, metrics, expected.metrics_size);
  assert_int_equal(bench.result.examples_used, 8u);
}

/* SPW-KIT-03 */
static void cancel_does_no_work_and_leaves_no_trace(void **state) {
  bench_t bench;
  uint32_t first[2u * ROWS];
  (void)state;
  make(&bench, SPW_KIND_TRAIN);
  bench.task.max_epochs = 2u;
  (void)run(&bench, 8u);
  (void)memcpy(first, bench.trained, sizeof first);

  assert_true(begin(&bench));
  for (uint32_t i = 0u; i < 5u; i++) {
    assert_int_equal(step(&bench, SPW_HINT_NONE), SPW_STEP_MORE);
  }
  const uint32_t rows = bench.trained_count + bench.scored;
  (void)memset(&bench.result, 0, sizeof bench.result);
  finish(&bench, SPW_CAUSE_CANCELLED);
  assert_int_equal(bench.trained_count + bench.scored, rows);
  assert_int_equal(bench.result.examples_held, 0u);

  bench.trained_count = 0u; /* the same task again: the same rows in the same order */
  (void)run(&bench, 8u);
  assert_memory_equal(bench.trained, first, sizeof first);
}

/* SPW-KIT-02 */
static void the_seed_decides_the_order(void **state) {
  bench_t one;
  bench_t two;
  (void)state;
  make(&one, SPW_KIND_TRAIN);
  make(&two, SPW_KIND_TRAIN);
  two.task.seed = 12u;
  (void)run(&one, 8u);
  (void)run(&two, 8u);
  assert_memory_not_equal(one.trained, two.trained, ROWS * sizeof one.trained[0]);
}

/* SPW-KIT-05 */
static void a_task_it_cannot_do_is_refused(void **state) {
  bench_t bench;
  uint8_t config[11];
  (void)state;
  make(&bench, SPW_KIND_QUERY);
  assert_false(begin(&bench));
  make(&bench, SPW_KIND_TRAIN);
  configure(&bench, config, 0u);
  assert_false(begin(&bench));
  configure(&bench, config, BATCH_MOST + 1u);
  assert_false(begin(&bench));
  configure(&bench, config, BATCH_MOST);
  assert_true(begin(&bench));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_step_exceeds_one_mini_batch),
      cmocka_unit_test(every_epoch_takes_every_row_once_in_an_order_of_its_own),
      cmocka_unit_test(the_result_says_what_was_done),
      cmocka_unit_test(limits_end_training),
      cmocka_unit_test(a_time_limit_alone_trains_until_told_to_wrap_up),
      cmocka_unit_test(wrap_up_ends_with_the_step_it_comes_with),
      cmocka_unit_test(wrap_up_of_an_evaluation_keeps_what_was_scored),
      cmocka_unit_test(cancel_does_no_work_and_leaves_no_trace),
      cmocka_unit_test(the_seed_decides_the_order),
      cmocka_unit_test(a_task_it_cannot_do_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
