#include "device.h"

#include <stddef.h>
#include <string.h>

#include "speedwell/config.h"
#include "speedwell/metrics.h"

uint32_t spw_jna_device_size(void) {
  return (uint32_t)sizeof(spw_jna_device_t);
}

uint32_t spw_jna_tensor_size(void) {
  return (uint32_t)sizeof(spw_tensor_t);
}

uint32_t spw_jna_client_size(void) {
  return (uint32_t)sizeof(spw_client_t);
}

void spw_jna_identity(spw_jna_device_t *device, const char *id, uint64_t seed, uint32_t keep_alive_ms,
                      uint32_t backoff_first_ms, uint32_t backoff_most_ms, uint32_t conditions) {
  (void)memset(device, 0, sizeof(*device));
  device->config.size = (uint32_t)sizeof(device->config);
  device->config.device_id = id;
  device->config.seed = seed;
  device->config.keep_alive_ms = keep_alive_ms;
  device->config.backoff_first_ms = backoff_first_ms;
  device->config.backoff_most_ms = backoff_most_ms;
  device->config.conditions = conditions;
  device->config.application = device;
  device->config.transport = &device->transport;
  device->config.trainer = &device->trainer;
}

void spw_jna_buffers(spw_jna_device_t *device, uint8_t *frames, uint32_t frame_size, uint8_t *config,
                     uint32_t config_size, uint8_t *metrics, uint32_t metrics_size, uint8_t *pipe, uint32_t pipe_size) {
  device->config.receive_buffer = frames;
  device->config.receive_size = frame_size;
  device->config.send_buffer = &frames[frame_size];
  device->config.send_size = frame_size;
  device->config.config_buffer = config;
  device->config.config_size = config_size;
  device->config.metrics_buffer = metrics;
  device->config.metrics_size = metrics_size;
  spw_memory_init(&device->memory, pipe, pipe_size, &pipe[pipe_size], pipe_size, &device->transport);
}

void spw_jna_tensor(spw_tensor_t *tensors, uint32_t index, const char *name, float *data, uint32_t rank, uint32_t d0,
                    uint32_t d1, uint32_t d2, uint32_t d3, uint32_t rule) {
  tensors[index] = (spw_tensor_t){name, data, {d0, d1, d2, d3}, (uint8_t)rank, (uint8_t)rule};
}

static bool java_begin(void *self, const spw_task_t *task) {
  const spw_jna_device_t *device = (const spw_jna_device_t *)self;
  return device->begin(task) != 0;
}

static spw_step_t java_step(void *self, spw_hint_t hint) {
  const spw_jna_device_t *device = (const spw_jna_device_t *)self;
  return (spw_step_t)device->slice((int32_t)hint);
}

static void java_finish(void *self, spw_cause_t cause, spw_result_t *result) {
  const spw_jna_device_t *device = (const spw_jna_device_t *)self;
  device->finish((int32_t)cause, result);
}

void spw_jna_trainer(spw_jna_device_t *device, const spw_tensor_t *tensors, uint32_t count, uint32_t kinds,
                     uint32_t numerics, spw_jna_begin_t begin, spw_jna_slice_t slice, spw_jna_finish_t finish) {
  device->begin = begin;
  device->slice = slice;
  device->finish = finish;
  device->trainer = (spw_trainer_t){.self = device,
                                    .tensors = tensors,
                                    .tensor_count = count,
                                    .kinds = kinds,
                                    .numerics = numerics,
                                    .begin = java_begin,
                                    .step = java_step,
                                    .finish = java_finish};
}

uint32_t spw_jna_mlp_size(void) {
  return (uint32_t)sizeof(mlp_trainer_t);
}

uint32_t spw_jna_mlp_parameters(void) {
  return (uint32_t)(sizeof(mlp_parameters_t) / sizeof(float));
}

float *spw_jna_mlp(spw_jna_device_t *device, mlp_trainer_t *mlp, const float *features, const uint8_t *labels,
                   uint32_t count, uint32_t *order) {
  mlp_rows_t rows = {features, labels, count};
  mlp_trainer_init(mlp, rows, order);
  device->config.trainer = &mlp->trainer;
  return mlp->net.parameters.weight1; /* the struct holds nothing but floats */
}

void spw_jna_delta(spw_jna_device_t *device, float *base, uint32_t capacity) {
  device->delta.base = base;
  device->delta.capacity = capacity;
  spw_encoding_delta(&device->encoding, &device->delta);
  device->config.encoding = &device->encoding;
}

static void java_event(void *application, const spw_event_t *event) {
  const spw_jna_device_t *device = (const spw_jna_device_t *)application;
  device->event((int32_t)event->kind, event->number, event->detail.bytes, event->detail.size);
}

static bool java_may_train(void *application) {
  const spw_jna_device_t *device = (const spw_jna_device_t *)application;
  return device->may_train() != 0;
}

void spw_jna_hooks(spw_jna_device_t *device, spw_jna_event_t event, spw_jna_may_train_t may_train) {
  device->event = event;
  device->may_train = may_train;
  device->config.on_event = (event != NULL) ? java_event : NULL;
  device->config.may_train = (may_train != NULL) ? java_may_train : NULL;
}

int32_t spw_jna_start(spw_jna_device_t *device) {
  return (int32_t)spw_client_init(&device->client, &device->config);
}

uint64_t spw_jna_step(spw_jna_device_t *device, uint32_t now_ms, uint32_t slices) {
  spw_wish_t wish = spw_client_step(&device->client, now_ms, slices);
  uint32_t bits = (wish.read ? 1u : 0u) | (wish.write ? 2u : 0u) | (wish.cpu ? 4u : 0u);
  return ((uint64_t)wish.wake_at_ms << 32u) | (uint64_t)bits;
}

void spw_jna_stop(spw_jna_device_t *device) {
  spw_client_stop(&device->client);
}

int32_t spw_jna_model_valid(const spw_jna_device_t *device) {
  return spw_client_model_valid(&device->client) ? 1 : 0;
}

int32_t spw_jna_connected(const spw_jna_device_t *device) {
  return spw_client_connected(&device->client) ? 1 : 0;
}

void spw_jna_reach(spw_jna_device_t *device, int32_t reachable) {
  spw_memory_reach(&device->memory, reachable != 0);
}

void spw_jna_cut(spw_jna_device_t *device) {
  spw_memory_cut(&device->memory);
}

int32_t spw_jna_is_open(const spw_jna_device_t *device) {
  return spw_memory_is_open(&device->memory) ? 1 : 0;
}

uint32_t spw_jna_put(spw_jna_device_t *device, const uint8_t *bytes, uint32_t size) {
  return spw_memory_put(&device->memory, bytes, size);
}

uint32_t spw_jna_take(spw_jna_device_t *device, uint8_t *bytes, uint32_t capacity) {
  return spw_memory_take(&device->memory, bytes, capacity);
}

uint32_t spw_jna_waiting(const spw_jna_device_t *device) {
  return spw_memory_waiting(&device->memory);
}

uint32_t spw_jna_room(const spw_jna_device_t *device) {
  return spw_memory_room(&device->memory);
}

void spw_jna_task(const spw_task_t *task, uint64_t numbers[SPW_JNA_TASK_NUMBERS]) {
  numbers[0] = task->kind;
  numbers[1] = task->round;
  numbers[2] = task->seed;
  numbers[3] = task->max_epochs;
  numbers[4] = task->max_steps;
  numbers[5] = task->max_examples;
  numbers[6] = task->max_ms;
  numbers[7] = task->split;
  numbers[8] = task->phase;
}

float spw_jna_config_f32(const spw_task_t *task, const char *key, float otherwise) {
  return spw_config_f32(task, key, otherwise);
}

uint32_t spw_jna_config_u32(const spw_task_t *task, const char *key, uint32_t otherwise) {
  return spw_config_u32(task, key, otherwise);
}

int32_t spw_jna_config_bool(const spw_task_t *task, const char *key, int32_t otherwise) {
  return spw_config_bool(task, key, otherwise != 0) ? 1 : 0;
}

int32_t spw_jna_config_text(const spw_task_t *task, const char *key, uint8_t *bytes, uint32_t capacity) {
  const spw_view_t none = {NULL, 0u};
  spw_view_t text = spw_config_text(task, key, none);
  int32_t size = -1;
  if (text.bytes != NULL) {
    (void)memcpy(bytes, text.bytes, (text.size < capacity) ? text.size : capacity);
    size = (int32_t)text.size;
  }
  return size;
}

void spw_jna_result(spw_result_t *result, uint32_t held, uint32_t used, uint32_t steps, float work_norm,
                    float loss_before, float loss_after) {
  result->examples_held = held;
  result->examples_used = used;
  result->steps = steps;
  result->work_norm = work_norm;
  result->loss_before = loss_before;
  result->loss_after = loss_after;
}

int32_t spw_jna_metric(spw_result_t *result, int32_t kind, const char *name, float value, float weight) {
  return spw_metric_add(result, (spw_metric_kind_t)kind, name, value, weight) ? 1 : 0;
}
