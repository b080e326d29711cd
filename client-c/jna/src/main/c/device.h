/*
 * What Java sees of a device: one opaque block with a client, its configuration and a pipe in memory, and flat
 * functions over it. No C structure is mapped in Java, so that a changed member can never be misread there.
 *
 * Truth values cross as int32_t, 0 or 1: JNA and C disagree about the width of a bool.
 *
 * The caller gives all memory and keeps it alive; nothing is allocated. One thread at a time per device.
 */
#ifndef SPEEDWELL_JNA_DEVICE_H
#define SPEEDWELL_JNA_DEVICE_H

#include <stdint.h>

#include "mlp_trainer.h"
#include "speedwell/client.h"
#include "speedwell/encoding.h"
#include "speedwell/memory.h"

#define SPW_EXPORT __attribute__((visibility("default")))

/* A trainer that lives in Java. The three functions are called from spw_jna_step only. */
typedef int32_t (*spw_jna_begin_t)(const spw_task_t *task);
typedef int32_t (*spw_jna_slice_t)(int32_t hint);
typedef void (*spw_jna_finish_t)(int32_t cause, spw_result_t *result);
typedef void (*spw_jna_event_t)(int32_t kind, uint32_t number, const uint8_t *detail, uint32_t size);
typedef int32_t (*spw_jna_may_train_t)(void);

typedef struct {
  spw_client_t client;
  spw_client_config_t config;
  spw_trainer_t trainer;
  spw_transport_t transport;
  spw_memory_t memory;
  spw_encoding_t encoding;
  spw_delta_t delta;
  spw_jna_begin_t begin;
  spw_jna_slice_t slice;
  spw_jna_finish_t finish;
  spw_jna_event_t event;
  spw_jna_may_train_t may_train;
} spw_jna_device_t;

/* Bytes of one device, of one tensor entry. */
SPW_EXPORT uint32_t spw_jna_device_size(void);
SPW_EXPORT uint32_t spw_jna_tensor_size(void);
SPW_EXPORT uint32_t spw_jna_client_size(void);

/* Clears the device and gives it its identity and times (0: the client's defaults). */
SPW_EXPORT void spw_jna_identity(spw_jna_device_t *device, const char *id, uint64_t seed, uint32_t keep_alive_ms,
                                 uint32_t backoff_first_ms, uint32_t backoff_most_ms, uint32_t conditions);
/* Gives it its buffers; `frames` holds the receive buffer, then the send buffer, of `frame_size` bytes each, and
 * `pipe` the two directions of the pipe, of `pipe_size` bytes each. */
SPW_EXPORT void spw_jna_buffers(spw_jna_device_t *device, uint8_t *frames, uint32_t frame_size, uint8_t *config,
                                uint32_t config_size, uint8_t *metrics, uint32_t metrics_size, uint8_t *pipe,
                                uint32_t pipe_size);
/* Fills entry `index` of a table of tensors; unused dimensions are 0. name and data must outlive the device. */
SPW_EXPORT void spw_jna_tensor(spw_tensor_t *tensors, uint32_t index, const char *name, float *data, uint32_t rank,
                               uint32_t d0, uint32_t d1, uint32_t d2, uint32_t d3, uint32_t rule);
/* Gives it a trainer that lives in Java. */
SPW_EXPORT void spw_jna_trainer(spw_jna_device_t *device, const spw_tensor_t *tensors, uint32_t count, uint32_t kinds,
                                uint32_t numerics, spw_jna_begin_t begin, spw_jna_slice_t slice,
                                spw_jna_finish_t finish);
/* Bytes of one network of the examples with its trainer. */
SPW_EXPORT uint32_t spw_jna_mlp_size(void);
/* Gives it that trainer over `count` rows; features, labels and order (room for count numbers) must outlive the device.
 * Returns the network's parameters, in the order of its tensors, spw_jna_mlp_parameters in all. */
SPW_EXPORT float *spw_jna_mlp(spw_jna_device_t *device, mlp_trainer_t *mlp, const float *features,
                              const uint8_t *labels, uint32_t count, uint32_t *order);
SPW_EXPORT uint32_t spw_jna_mlp_parameters(void);
/* Lets it send f32 deltas; base has room for `capacity` elements. */
SPW_EXPORT void spw_jna_delta(spw_jna_device_t *device, float *base, uint32_t capacity);
/* Either function may be NULL. */
SPW_EXPORT void spw_jna_hooks(spw_jna_device_t *device, spw_jna_event_t event, spw_jna_may_train_t may_train);

/* spw_client_init, spw_client_step (the wish: bit 0 read, 1 write, 2 cpu; wake_at_ms above 32 bits), ... */
SPW_EXPORT int32_t spw_jna_start(spw_jna_device_t *device);
SPW_EXPORT uint64_t spw_jna_step(spw_jna_device_t *device, uint32_t now_ms, uint32_t slices);
SPW_EXPORT void spw_jna_stop(spw_jna_device_t *device);
SPW_EXPORT int32_t spw_jna_model_valid(const spw_jna_device_t *device);
SPW_EXPORT int32_t spw_jna_connected(const spw_jna_device_t *device);

/* The far end of the pipe: see memory.h. */
SPW_EXPORT void spw_jna_reach(spw_jna_device_t *device, int32_t reachable);
SPW_EXPORT void spw_jna_cut(spw_jna_device_t *device);
SPW_EXPORT int32_t spw_jna_is_open(const spw_jna_device_t *device);
SPW_EXPORT uint32_t spw_jna_put(spw_jna_device_t *device, const uint8_t *bytes, uint32_t size);
SPW_EXPORT uint32_t spw_jna_take(spw_jna_device_t *device, uint8_t *bytes, uint32_t capacity);
SPW_EXPORT uint32_t spw_jna_waiting(const spw_jna_device_t *device);
SPW_EXPORT uint32_t spw_jna_room(const spw_jna_device_t *device);

/* A task's numbers for Java, in this order: kind, round, seed, max_epochs, max_steps, max_examples, max_ms, split,
 * phase. */
enum { SPW_JNA_TASK_NUMBERS = 9 };
SPW_EXPORT void spw_jna_task(const spw_task_t *task, uint64_t numbers[SPW_JNA_TASK_NUMBERS]);
SPW_EXPORT float spw_jna_config_f32(const spw_task_t *task, const char *key, float otherwise);
SPW_EXPORT uint32_t spw_jna_config_u32(const spw_task_t *task, const char *key, uint32_t otherwise);
SPW_EXPORT int32_t spw_jna_config_bool(const spw_task_t *task, const char *key, int32_t otherwise);
/* Copies up to capacity bytes of a text; returns its size, or -1 when there is none. */
SPW_EXPORT int32_t spw_jna_config_text(const spw_task_t *task, const char *key, uint8_t *bytes, uint32_t capacity);

SPW_EXPORT void spw_jna_result(spw_result_t *result, uint32_t held, uint32_t used, uint32_t steps, float work_norm,
                               float loss_before, float loss_after);
SPW_EXPORT int32_t spw_jna_metric(spw_result_t *result, int32_t kind, const char *name, float value, float weight);

#endif
