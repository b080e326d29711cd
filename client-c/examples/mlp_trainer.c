#include "mlp_trainer.h"

#include <string.h>

static void train(void *model, const uint32_t *rows, uint32_t count, const spw_task_t *task) {
  mlp_trainer_t *self = (mlp_trainer_t *)model;
  mlp_train(&self->net, &self->rows, rows, count, spw_config_f32(task, "lr", MLP_TRAINER_RATE));
}

static float score(void *model, uint32_t row, bool *correct) {
  mlp_trainer_t *self = (mlp_trainer_t *)model;
  return mlp_score(&self->net, &self->rows, row, correct);
}

void mlp_trainer_init(mlp_trainer_t *trainer, mlp_rows_t rows, uint32_t *order) {
  mlp_parameters_t *p = &trainer->net.parameters;
  const spw_tensor_t tensors[MLP_TRAINER_TENSORS] = {SPW_MATRIX("dense1.weight", p->weight1, MLP_HIDDEN, MLP_INPUTS),
                                                     SPW_VECTOR("dense1.bias", p->bias1, MLP_HIDDEN),
                                                     SPW_MATRIX("dense2.weight", p->weight2, MLP_CLASSES, MLP_HIDDEN),
                                                     SPW_VECTOR("dense2.bias", p->bias2, MLP_CLASSES)};
  (void)memset(trainer, 0, sizeof *trainer);
  (void)memcpy(trainer->tensors, tensors, sizeof tensors);
  trainer->rows = rows;
  trainer->learner = spw_supervised(trainer, train, score, rows.count, order, (uint32_t)MLP_TRAINER_BATCH_MOST);
  trainer->trainer = spw_supervised_trainer(&trainer->learner, trainer->tensors, (uint32_t)MLP_TRAINER_TENSORS);
}
