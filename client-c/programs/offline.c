#include "offline.h"

#include <stdio.h>
#include <string.h>

#include "speedwell/trainer.h"

typedef struct {
  uint32_t examples;
  float accuracy;
  float loss;
} figures_t;

/* Appends one entry of the configuration's format (PROTOCOL.md, CONFIG); value is 4 bytes, little-endian. */
static uint32_t put_entry(uint8_t *bytes, uint8_t type, const char *key, uint32_t value) {
  const uint32_t length = (uint32_t)strlen(key);
  bytes[0] = type;
  bytes[1] = (uint8_t)length;
  (void)memcpy(&bytes[2], key, length);
  for (uint32_t i = 0u; i < 4u; i++) {
    bytes[2u + length + i] = (uint8_t)(value >> (8u * i));
  }
  return length + 6u;
}

static void train(const spw_trainer_t *trainer, const options_t *options, uint64_t seed,
                  const volatile sig_atomic_t *stop) {
  uint8_t config[32];
  uint32_t rate;
  spw_task_t task;
  spw_result_t result;
  spw_step_t step = SPW_STEP_MORE;
  (void)memset(&task, 0, sizeof task);
  (void)memset(&result, 0, sizeof result);
  (void)memcpy(&rate, &options->learning_rate, sizeof rate);
  task.kind = (uint8_t)SPW_KIND_TRAIN;
  task.seed = seed;
  task.max_epochs = options->offline_epochs;
  task.config.size = put_entry(config, 1u, "lr", rate);
  task.config.size += put_entry(&config[task.config.size], 2u, "batch", options->batch);
  task.config.bytes = config;
  if (trainer->begin(trainer->self, &task)) {
    while ((step == SPW_STEP_MORE) && (*stop == 0)) {
      step = trainer->step(trainer->self, SPW_HINT_NONE);
    }
    trainer->finish(trainer->self, (step == SPW_STEP_DONE) ? SPW_CAUSE_DONE : SPW_CAUSE_CANCELLED, &result);
  }
}

static figures_t measure(mlp_t *net, const mlp_rows_t *rows) {
  figures_t figures = {rows->count, 0.0f, 0.0f};
  uint32_t right = 0u;
  for (uint32_t row = 0u; row < rows->count; row++) {
    bool correct = false;
    figures.loss += mlp_score(net, rows, row, &correct);
    right += correct ? 1u : 0u;
  }
  if (rows->count != 0u) {
    figures.accuracy = (float)right / (float)rows->count;
    figures.loss /= (float)rows->count;
  }
  return figures;
}

static void print_json(const options_t *options, uint64_t seed, const figures_t *own, const figures_t *test) {
  (void)printf(
      "{\"epochs\":%lu,\"seed\":%llu,\"learningRate\":%.9g,\"batch\":%lu,"
      "\"examples\":%lu,\"accuracy\":%.9g,\"loss\":%.9g",
      (unsigned long)options->offline_epochs, (unsigned long long)seed, (double)options->learning_rate,
      (unsigned long)options->batch, (unsigned long)own->examples, (double)own->accuracy, (double)own->loss);
  if (test->examples != 0u) {
    (void)printf(",\"testExamples\":%lu,\"testAccuracy\":%.9g,\"testLoss\":%.9g", (unsigned long)test->examples,
                 (double)test->accuracy, (double)test->loss);
  }
  (void)printf("}\n");
}

static void print_words(const options_t *options, const figures_t *own, const figures_t *test) {
  (void)printf("%lu epochs alone on %lu rows: accuracy %.3f on them", (unsigned long)options->offline_epochs,
               (unsigned long)own->examples, (double)own->accuracy);
  if (test->examples != 0u) {
    (void)printf(", %.3f on %lu rows it has not seen", (double)test->accuracy, (unsigned long)test->examples);
  }
  (void)printf("\n");
}

void offline_run(mlp_trainer_t *trainer, const mlp_rows_t *test, const options_t *options,
                 const volatile sig_atomic_t *stop) {
  const uint64_t seed = options->seeded ? options->seed : 1u;
  mlp_init(&trainer->net, seed);
  train(&trainer->trainer, options, seed, stop);
  if (*stop == 0) {
    const figures_t own = measure(&trainer->net, &trainer->rows);
    const figures_t other = measure(&trainer->net, test);
    if (options->json) {
      print_json(options, seed, &own, &other);
    } else {
      print_words(options, &own, &other);
    }
  }
}
