// A program in C++ that includes every public header and links the archives.
#include "speedwell/check.h"
#include "speedwell/client.h"
#include "speedwell/config.h"
#include "speedwell/encoding.h"
#include "speedwell/files.h"
#include "speedwell/flash.h"
#include "speedwell/keep.h"
#include "speedwell/memory.h"
#include "speedwell/metrics.h"
#include "speedwell/numerics.h"
#include "speedwell/options.h"
#include "speedwell/posix.h"
#include "speedwell/random.h"
#include "speedwell/store.h"
#include "speedwell/supervised.h"
#include "speedwell/trainer.h"
#include "speedwell/transport.h"
#include "speedwell/view.h"
#include "speedwell/watch.h"

int main() {
  static float weights[2];
  const spw_tensor_t tensors[] = {SPW_VECTOR("weights", weights, 2u)};
  static uint32_t order[1];
  spw_supervised_t learner = spw_supervised(nullptr, nullptr, nullptr, 1u, order, 1u);
  const spw_trainer_t trainer = spw_supervised_trainer(&learner, tensors, 1u);
  static spw_posix_device_t device;
  const bool refused = spw_posix_device_run(&device, "nowhere", "a-device", &trainer, nullptr) == SPW_BAD_ARGUMENT;
  static spw_files_t files;
  static spw_flash_t flash;
  static spw_keep_t keep;
  static spw_watch_t watch;
  const bool optional = (spw_files_init(&files, "", 0u) == SPW_BAD_ARGUMENT) &&
                        (spw_flash_init(&flash, nullptr) == SPW_BAD_ARGUMENT) &&
                        (spw_keep_open(&keep, nullptr) == SPW_BAD_ARGUMENT) &&
                        (spw_watch_init(&watch, nullptr, nullptr, nullptr) == SPW_BAD_ARGUMENT);
  spw_check_t check;
  spw_check_begin(&check, &trainer, 8u);
  spw_delta_t delta = {weights, 2u};
  spw_encoding_t encoding;
  spw_encoding_delta(&encoding, &delta);
  return (refused && optional && spw_check_go(&check) && (encoding.capacity == 2u) && spw_numerics_self_test()) ? 0 : 1;
}
