/* The network: right gradients, a seed that decides every bit, and learning. */
#include "mlp.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "check.h"
#include "mlp_trainer.h"

enum { ROWS = 60 };

typedef struct {
  float features[ROWS * MLP_INPUTS];
  uint8_t labels[ROWS];
  uint32_t order[ROWS];
} data_t;

/* Ten noisy patterns, six rows of each. */
static mlp_rows_t make(data_t *data) {
  uint64_t state = 3u;
  float patterns[MLP_CLASSES * MLP_INPUTS];
  for (uint32_t i = 0u; i < (MLP_CLASSES * MLP_INPUTS); i++) {
    patterns[i] = (float)(mlp_random(&state) % 16u) / 16.0f;
  }
  for (uint32_t row = 0u; row < ROWS; row++) {
    data->labels[row] = (uint8_t)(row % MLP_CLASSES);
    data->order[row] = row;
    for (uint32_t i = 0u; i < MLP_INPUTS; i++) {
      const float noise = (float)(mlp_random(&state) % 5u) / 16.0f;
      data->features[(row * MLP_INPUTS) + i] = patterns[(data->labels[row] * MLP_INPUTS) + i] + noise;
    }
  }
  return (mlp_rows_t){data->features, data->labels, ROWS};
}

static float mean_loss(mlp_t *net, const mlp_rows_t *rows, uint32_t count) {
  float sum = 0.0f;
  for (uint32_t row = 0u; row < count; row++) {
    bool correct;
    sum += mlp_score(net, rows, row, &correct);
  }
  return sum / (float)count;
}

/* The loss's slope along one parameter by central differences. */
static float slope(mlp_t *net, float *parameter, const mlp_rows_t *rows, uint32_t count) {
  const float step = 1.0f / 1024.0f;
  const float before = *parameter;
  *parameter = before + step;
  const float above = mean_loss(net, rows, count);
  *parameter = before - step;
  const float below = mean_loss(net, rows, count);
  *parameter = before;
  return (above - below) / (2.0f * step);
}

static void check_gradient(float *values, uint32_t count, uint32_t stride, mlp_t *net, const mlp_rows_t *rows,
                           const uint32_t *order) {
  for (uint32_t i = 0u; i < count; i += stride) {
    static mlp_t trained;
    const float expected = slope(net, &values[i], rows, 8u);
    (void)memcpy(&trained, net, sizeof trained);
    mlp_train(&trained, rows, order, 8u, 1.0f);
    const float *moved = &((const float *)&trained.parameters)[&values[i] - (float *)&net->parameters];
    const float found = values[i] - *moved; /* rate 1: the step is the gradient */
    assert_true(fabsf(found - expected) <= (0.002f + (0.02f * fabsf(expected))));
  }
}

static void a_step_goes_down_the_gradient(void **state) {
  static data_t data;
  static mlp_t net;
  const mlp_rows_t rows = make(&data);
  mlp_parameters_t *p = &net.parameters;
  (void)state;
  mlp_init(&net, 1u);
  check_gradient(p->weight1, MLP_HIDDEN * MLP_INPUTS, 17u, &net, &rows, data.order);
  check_gradient(p->bias1, MLP_HIDDEN, 1u, &net, &rows, data.order);
  check_gradient(p->weight2, MLP_CLASSES * MLP_HIDDEN, 1u, &net, &rows, data.order);
  check_gradient(p->bias2, MLP_CLASSES, 1u, &net, &rows, data.order);
}

static void he_initialisation_has_its_spread(void **state) {
  static mlp_t net;
  double square = 0.0;
  (void)state;
  mlp_init(&net, 5u);
  for (uint32_t i = 0u; i < (MLP_HIDDEN * MLP_INPUTS); i++) {
    square += (double)net.parameters.weight1[i] * (double)net.parameters.weight1[i];
  }
  square /= (double)(MLP_HIDDEN * MLP_INPUTS);
  assert_true(fabs(square - (2.0 / 64.0)) < 0.003);
  for (uint32_t i = 0u; i < MLP_HIDDEN; i++) {
    assert_true(net.parameters.bias1[i] == 0.0f);
  }
}

/* Trains ten epochs as a device would and leaves the result. */
static void train_task(mlp_trainer_t *trainer, const mlp_rows_t *rows, uint32_t *order, uint64_t seed,
                       spw_result_t *result) {
  spw_task_t task;
  spw_step_t said = SPW_STEP_MORE;
  (void)memset(&task, 0, sizeof task);
  (void)memset(result, 0, sizeof *result);
  task.kind = (uint8_t)SPW_KIND_TRAIN;
  task.seed = seed;
  task.max_epochs = 10u;
  mlp_trainer_init(trainer, *rows, order);
  mlp_init(&trainer->net, 1u);
  assert_true(trainer->trainer.begin(trainer->trainer.self, &task));
  while (said == SPW_STEP_MORE) {
    said = trainer->trainer.step(trainer->trainer.self, SPW_HINT_NONE);
  }
  assert_int_equal(said, SPW_STEP_DONE);
  trainer->trainer.finish(trainer->trainer.self, SPW_CAUSE_DONE, result);
}

/* SPW-NUM-03 */
static void the_same_seed_base_and_rows_give_the_same_bits(void **state) {
  static data_t data;
  static mlp_trainer_t one;
  static mlp_trainer_t two;
  static mlp_trainer_t other;
  spw_result_t result;
  const mlp_rows_t rows = make(&data);
  (void)state;
  train_task(&one, &rows, data.order, 77u, &result);
  train_task(&two, &rows, data.order, 77u, &result);
  train_task(&other, &rows, data.order, 78u, &result);
  assert_memory_equal(&one.net.parameters, &two.net.parameters, sizeof one.net.parameters);
  assert_memory_not_equal(&one.net.parameters, &other.net.parameters, sizeof one.net.parameters);
}

/* FNV-1a over the parameters: the same on every machine of the class ieee, at every optimisation level. */
/* SPW-NUM-03 */
static void the_bits_are_those_of_every_ieee_machine(void **state) {
  static data_t data;
  static mlp_trainer_t trainer;
  spw_result_t result;
  uint32_t hash = 2166136261u;
  const mlp_rows_t rows = make(&data);
  (void)state;
  train_task(&trainer, &rows, data.order, 77u, &result);
  for (size_t i = 0u; i < (sizeof trainer.net.parameters / sizeof(float)); i++) {
    uint32_t bits;
    (void)memcpy(&bits, &((const float *)&trainer.net.parameters)[i], sizeof bits);
    for (uint32_t shift = 0u; shift < 32u; shift += 8u) {
      hash = (hash ^ ((bits >> shift) & 0xFFu)) * 16777619u;
    }
  }
  assert_int_equal(hash, 0x1B3FF9E3u);
}

static void it_learns(void **state) {
  static data_t data;
  static mlp_trainer_t trainer;
  spw_result_t result;
  const mlp_rows_t rows = make(&data);
  uint32_t right = 0u;
  (void)state;
  train_task(&trainer, &rows, data.order, 77u, &result);
  for (uint32_t row = 0u; row < ROWS; row++) {
    bool correct;
    (void)mlp_score(&trainer.net, &rows, row, &correct);
    right += correct ? 1u : 0u;
  }
  assert_int_equal(result.steps, 80u);
  assert_true(result.loss_after < result.loss_before);
  assert_in_range(right, 30u, ROWS); /* guessing: 6 */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_step_goes_down_the_gradient),
      cmocka_unit_test(he_initialisation_has_its_spread),
      cmocka_unit_test(the_same_seed_base_and_rows_give_the_same_bits),
      cmocka_unit_test(the_bits_are_those_of_every_ieee_machine),
      cmocka_unit_test(it_learns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
