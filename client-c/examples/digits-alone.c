/* Learns handwritten digits from a CSV file: 64 features 0..1, then the class. Runs alone. */
#include <stdio.h>
#include <stdlib.h>

#include "csv.h"
#include "mlp.h"

enum { ROWS_MAX = 2048, BATCH = 8 };
enum { EPOCHS = 30, SEED = 1 };

static const float LEARNING_RATE = 0.2f;

static float features[ROWS_MAX * MLP_INPUTS];
static uint8_t labels[ROWS_MAX];
static uint32_t order[ROWS_MAX]; /* of the rows, in an epoch */
static mlp_rows_t rows = {features, labels, 0u};
static mlp_t net;

static bool load(const char *path) {
  csv_table_t table = {MLP_INPUTS, MLP_CLASSES, features, labels, ROWS_MAX, 0u};
  char message[256];
  if (!csv_load(&table, path, message, sizeof message)) {
    (void)fprintf(stderr, "%s\n", message);
    return false;
  }
  rows.count = table.rows;
  return true;
}

static void shuffle(uint64_t *state) {
  for (uint32_t left = rows.count; left > 1u; left--) {
    const uint32_t chosen = mlp_random(state) % left;
    const uint32_t row = order[chosen];
    order[chosen] = order[left - 1u];
    order[left - 1u] = row;
  }
}

static void train(void) {
  uint64_t state = SEED;
  for (uint32_t row = 0u; row < rows.count; row++) {
    order[row] = row;
  }
  mlp_init(&net, SEED);
  for (uint32_t epoch = 0u; epoch < (uint32_t)EPOCHS; epoch++) {
    shuffle(&state);
    for (uint32_t at = 0u; at < rows.count; at += (uint32_t)BATCH) {
      const uint32_t left = rows.count - at;
      mlp_train(&net, &rows, &order[at], (left < (uint32_t)BATCH) ? left : (uint32_t)BATCH, LEARNING_RATE);
    }
  }
}

static float accuracy(void) {
  uint32_t right = 0u;
  for (uint32_t row = 0u; row < rows.count; row++) {
    bool correct;
    (void)mlp_score(&net, &rows, row, &correct);
    right += correct ? 1u : 0u;
  }
  return (float)right / (float)rows.count;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    (void)fprintf(stderr, "usage: %s DATA.csv\n", argv[0]);
    return 2;
  }
  if (!load(argv[1])) {
    return 3;
  }
  train();
  (void)printf("%lu rows, accuracy on them %.3f\n", (unsigned long)rows.count, (double)accuracy());
  return EXIT_SUCCESS;
}
