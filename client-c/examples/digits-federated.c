/* Learns handwritten digits from a CSV file: 64 features 0..1, then the class. One device of a fleet. */
#include <stdio.h>
#include <stdlib.h>

#include "csv.h"
#include "mlp.h"
#include "speedwell/posix.h"
#include "speedwell/supervised.h"

enum { ROWS_MAX = 2048, BATCH = 8 };

static const float LEARNING_RATE = 0.2f;

static float features[ROWS_MAX * MLP_INPUTS];
static uint8_t labels[ROWS_MAX];
static uint32_t order[ROWS_MAX]; /* of the rows, in an epoch */
static mlp_rows_t rows = {features, labels, 0u};
static mlp_t net;
static spw_posix_device_t device; /* client, TCP stream and their buffers */

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

/* One mini-batch. */
static void train(void *model, const uint32_t *chosen, uint32_t count, const spw_task_t *task) {
  mlp_train(model, &rows, chosen, count, spw_config_f32(task, "lr", LEARNING_RATE));
}

/* One row. */
static float score(void *model, uint32_t row, bool *correct) {
  return mlp_score(model, &rows, row, correct);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    (void)fprintf(stderr, "usage: %s DATA.csv HOST:PORT ID\n", argv[0]);
    return 2;
  }
  if (!load(argv[1])) {
    return 3;
  }
  const spw_tensor_t tensors[] = {SPW_MATRIX("dense1.weight", net.parameters.weight1, MLP_HIDDEN, MLP_INPUTS),
                                  SPW_VECTOR("dense1.bias", net.parameters.bias1, MLP_HIDDEN),
                                  SPW_MATRIX("dense2.weight", net.parameters.weight2, MLP_CLASSES, MLP_HIDDEN),
                                  SPW_VECTOR("dense2.bias", net.parameters.bias2, MLP_CLASSES)};
  spw_supervised_t learner = spw_supervised(&net, train, score, rows.count, order, BATCH);
  const spw_trainer_t trainer = spw_supervised_trainer(&learner, tensors, 4u);
  return (spw_posix_device_run(&device, argv[2], argv[3], &trainer, NULL) == SPW_OK) ? EXIT_SUCCESS : 2;
}
