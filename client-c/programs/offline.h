/* Training without a server: what this device would learn from its own rows alone. */
#ifndef OFFLINE_H
#define OFFLINE_H

#include <signal.h>

#include "mlp_trainer.h"
#include "options.h"

/* Trains as the options say, unless *stop becomes non-zero, and prints accuracies on the device's own rows and, if
 * test->count is not 0, on the test rows. */
void offline_run(mlp_trainer_t *trainer, const mlp_rows_t *test, const options_t *options,
                 const volatile sig_atomic_t *stop);

#endif
