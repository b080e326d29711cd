/*
 * The probe image: the whole core with nothing beneath it. No C library, no port, a trainer and a transport that do
 * nothing. It is never run: size, stack, symbols and call cycles are measured on it (check-image).
 */
#include <string.h>

#include "speedwell/check.h"
#include "speedwell/client.h"
#include "speedwell/config.h"
#include "speedwell/flash.h"
#include "speedwell/keep.h"
#include "speedwell/metrics.h"
#include "speedwell/watch.h"

_Static_assert(sizeof(spw_client_t) <= ((sizeof(void *) == 8u) ? 512u : 384u), "the client's state outgrew its budget");

void probe_start(void);

static spw_client_t client;
static spw_keep_t keep;
static spw_flash_t flash;
static spw_watch_t watch;
static spw_check_t check;
static float weights[4];
static uint8_t buffers[3][SPW_FRAME_MIN];
static volatile uint32_t clock_ms;

void *memcpy(void *to, const void *from, size_t size) {
  uint8_t *out = (uint8_t *)to;
  const uint8_t *in = (const uint8_t *)from;
  for (size_t i = 0u; i < size; ++i) {
    *(volatile uint8_t *)&out[i] = in[i]; /* volatile: not turned into a call of itself */
  }
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  uint8_t *out = (uint8_t *)to;
  const uint8_t *in = (const uint8_t *)from;
  for (size_t i = 0u; i < size; ++i) {
    const size_t at = ((uintptr_t)out < (uintptr_t)in) ? i : (size - 1u - i);
    *(volatile uint8_t *)&out[at] = in[at];
  }
  return to;
}

void *memset(void *to, int value, size_t size) {
  uint8_t *out = (uint8_t *)to;
  for (size_t i = 0u; i < size; ++i) {
    *(volatile uint8_t *)&out[i] = (uint8_t)value;
  }
  return to;
}

static int32_t open_stream(void *context) {
  (void)context;
  return 0;
}

static void close_stream(void *context) {
  (void)context;
}

static int32_t send_bytes(void *context, const uint8_t *bytes, uint32_t size) {
  (void)context;
  (void)bytes;
  return (int32_t)size;
}

static int32_t receive_bytes(void *context, uint8_t *bytes, uint32_t capacity) {
  (void)context;
  (void)bytes;
  (void)capacity;
  return 0;
}

/* Config and metrics are the trainer's to call, so that they are in the image. */
static bool begin(void *self, const spw_task_t *task) {
  const spw_view_t none = {NULL, 0u};
  (void)self;
  weights[0] = spw_config_f32(task, "rate", 0.0f);
  return spw_config_bool(task, "on", true) && (spw_config_u32(task, "steps", 1u) > 0u) &&
         (spw_config_text(task, "name", none).size == 0u);
}

static spw_step_t step(void *self, spw_hint_t hint) {
  (void)self;
  (void)hint;
  return SPW_STEP_DONE;
}

static void finish(void *self, spw_cause_t cause, spw_result_t *result) {
  (void)self;
  (void)cause;
  (void)spw_metric_add(result, SPW_METRIC_MEAN, "loss", weights[0], 1.0f);
}

static const spw_tensor_t tensors[1] = {SPW_VECTOR("weights", weights, 4u)};
static const spw_trainer_t trainer = {NULL, tensors, 1u, 0u, 0u, begin, step, finish};
static const spw_transport_t transport = {NULL, open_stream, close_stream, send_bytes, receive_bytes};

static bool read_flash(void *context, uint32_t address, uint8_t *bytes, uint32_t size) {
  (void)context;
  (void)address;
  (void)bytes;
  (void)size;
  return true;
}

static int32_t erase_page(void *context, uint32_t address) {
  (void)context;
  (void)address;
  return 1;
}

static int32_t program_flash(void *context, uint32_t address, const uint8_t *bytes, uint32_t size) {
  (void)context;
  (void)address;
  (void)bytes;
  return (int32_t)size;
}

static int32_t poll_flash(void *context) {
  (void)context;
  return 1;
}

static void on_event(void *application, const spw_event_t *event) {
  (void)application;
  spw_keep_event(&keep, event);
  spw_watch_event(&watch, event);
}

/* Everything that is optional around the client: all of it is in the image. */
static void live(const spw_client_config_t *config) {
  static uint8_t unit[64];
  static uint8_t mirror[SPW_KEEP_BYTES];
  static const spw_flash_device_t device = {NULL, 2048u, 8u, 0xFFu, read_flash, erase_page, program_flash, poll_flash};
  static const spw_flash_config_t flash_config = {.size = (uint32_t)sizeof(flash_config),
                                                  .device = &device,
                                                  .second = 2048u,
                                                  .area_size = 2048u,
                                                  .capacity = SPW_KEEP_BYTES,
                                                  .unit = unit,
                                                  .unit_size = (uint32_t)sizeof(unit),
                                                  .erases_most = 10000u};
  const spw_keep_config_t keep_config = {.size = (uint32_t)sizeof(keep_config),
                                         .store = &flash.store,
                                         .mirror = mirror,
                                         .mirror_size = (uint32_t)sizeof(mirror)};
  (void)spw_flash_init(&flash, &flash_config);
  (void)spw_keep_open(&keep, &keep_config);
  (void)spw_keep_attach(&keep, &client);
  spw_check_begin(&check, &trainer, 64u);
  while ((spw_keep_round(&keep) + spw_keep_run(&keep) + spw_keep_seed(&keep, config->seed) + spw_keep_boots(&keep)) >
         0u) {
    (void)spw_keep_step(&keep, clock_ms, 1u);
    spw_keep_rewind(&keep);
    if (spw_check_go(&check) && spw_keep_resumed(&keep)) {
      spw_watch_report(&watch, SPW_FAULT_CONTEXT, spw_check_context(&client));
    }
  }
  clock_ms +=
      (uint32_t)spw_keep_trouble(&keep) + spw_flash_writes(&flash) + spw_flash_erases(&flash) + spw_flash_slots(&flash);
  while (!spw_keep_flush(&keep)) {
  }
}

void probe_start(void) {
  const spw_client_config_t config = {.size = (uint32_t)sizeof(config),
                                      .device_id = "probe",
                                      .transport = &watch.transport,
                                      .trainer = &trainer,
                                      .receive_buffer = buffers[0],
                                      .receive_size = SPW_FRAME_MIN,
                                      .send_buffer = buffers[1],
                                      .send_size = SPW_FRAME_MIN,
                                      .metrics_buffer = buffers[2],
                                      .metrics_size = SPW_FRAME_MIN,
                                      .on_event = on_event};
  if ((spw_watch_init(&watch, &transport, NULL, NULL) == SPW_OK) && (spw_client_init(&client, &config) == SPW_OK)) {
    live(&config);
    while (spw_client_connected(&client) || (!spw_client_model_valid(&client)) || (clock_ms != 0u)) {
      (void)spw_client_step(&client, clock_ms, 1u);
    }
    spw_client_stop(&client);
  }
}
