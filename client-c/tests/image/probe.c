/*
 * The probe image: the whole core with nothing beneath it. No C library, no port, a trainer and a transport that do
 * nothing. It is never run: size, stack, symbols and call cycles are measured on it (check-image).
 */
#include <string.h>

#include "speedwell/client.h"
#include "speedwell/config.h"
#include "speedwell/metrics.h"

_Static_assert(sizeof(spw_client_t) <= ((sizeof(void *) == 8u) ? 512u : 384u), "the client's state outgrew its budget");

void probe_start(void);

static spw_client_t client;
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

void probe_start(void) {
  const spw_client_config_t config = {.size = (uint32_t)sizeof(config),
                                      .device_id = "probe",
                                      .transport = &transport,
                                      .trainer = &trainer,
                                      .receive_buffer = buffers[0],
                                      .receive_size = SPW_FRAME_MIN,
                                      .send_buffer = buffers[1],
                                      .send_size = SPW_FRAME_MIN,
                                      .metrics_buffer = buffers[2],
                                      .metrics_size = SPW_FRAME_MIN};
  if (spw_client_init(&client, &config) == SPW_OK) {
    while (spw_client_connected(&client) || (!spw_client_model_valid(&client)) || (clock_ms != 0u)) {
      (void)spw_client_step(&client, clock_ms, 1u);
    }
    spw_client_stop(&client);
  }
}
