/* The network of mlp.h as a Speedwell trainer: what the device program and the bindings run. */
#ifndef MLP_TRAINER_H
#define MLP_TRAINER_H

#include <stdint.h>

#include "mlp.h"
#include "speedwell/supervised.h"

enum { MLP_TRAINER_TENSORS = 4, MLP_TRAINER_BATCH_MOST = 64 };

/* Configuration keys: lr (f32, learning rate; if absent, this) and batch (u32, 1..MLP_TRAINER_BATCH_MOST; else 8). */
#define MLP_TRAINER_RATE 0.2f

/* Only `trainer` and `net.parameters` are for use. No pointer in it is to be shared: one object per device. */
typedef struct {
  spw_trainer_t trainer; /* kinds and numerics may be set before the client is initialised */
  spw_tensor_t tensors[MLP_TRAINER_TENSORS];
  spw_supervised_t learner;
  mlp_rows_t rows;
  mlp_t net;
} mlp_trainer_t;

/* rows and order (room for rows.count numbers) must outlive the trainer, and it must not move. The parameters are 0:
 * they come from a server, or from mlp_init. */
void mlp_trainer_init(mlp_trainer_t *trainer, mlp_rows_t rows, uint32_t *order);

#endif
