/* A client in a hostile world: every function it is given does what it likes, within what its header promises of memory
 * alone; the server says anything; the application steps and stops whenever it likes.
 * (SPW-MEM-05) */
#include "session.h"

#include "environment.h"
#include "speedwell/trainer.h"

static uint8_t receive_buffer[RECEIVE_SIZE];
static uint8_t send_buffer[SEND_SIZE];
static uint8_t config_buffer[CONFIG_SIZE];
static uint8_t metrics_buffer[METRICS_SIZE];
static char device_id[40];

static int32_t any_number(void) {
  return (int32_t)any_up_to(0x7FFFFFFFu) - (any_bool() ? 0x7FFFFFFF : 0) - (any_bool() ? 1 : 0);
}

static int32_t open_any(void *context) {
  (void)context;
  return any_number();
}

static void close_any(void *context) {
  (void)context;
}

static int32_t send_any(void *context, const uint8_t *bytes, uint32_t size) {
  (void)context;
  /*@ assert \valid_read(bytes + (0 .. size - 1)) && \initialized(bytes + (0 .. size - 1)); */
  return any_number();
}

static int32_t receive_any(void *context, uint8_t *bytes, uint32_t capacity) {
  (void)context;
  any_bytes(bytes, capacity);
  return any_number();
}

static bool begin_any(void *self, const spw_task_t *task) {
  (void)self;
  /*@ assert task->config.size == 0 || \valid_read(task->config.bytes + (0 .. task->config.size - 1)); */
  return any_bool();
}

static spw_step_t step_any(void *self, spw_hint_t hint) {
  (void)self;
  (void)hint;
  return (spw_step_t)any_u32;
}

static void finish_any(void *self, spw_cause_t cause, spw_result_t *result) {
  (void)self;
  (void)cause;
  /*@ assert result->metrics_size == 0; */
  /*@ assert result->metrics_capacity == 0 || \valid(result->metrics + (0 .. result->metrics_capacity - 1)); */
  result->examples_held = any_u32;
  result->examples_used = any_u32;
  result->steps = any_u32;
  result->work_norm = any_f32;
  result->loss_before = any_f32;
  result->loss_after = any_f32;
  result->metrics_size = any_u32;
  any_bytes(metrics_buffer, METRICS_SIZE);
}

static void base_any(void *self, uint32_t first, const float *values, uint32_t count) {
}

static void element_any(void *self, uint32_t index, float value, uint8_t bytes[4]) {
}

static bool may_train_any(void *application) {
  (void)application;
  return any_bool();
}

static void on_event_any(void *application, const spw_event_t *event) {
  (void)application;
  /*@ assert event->detail.size == 0 || \valid_read(event->detail.bytes + (0 .. event->detail.size - 1)); */
}

static float weights[4];
static const spw_tensor_t tensors[1] = {{"w", weights, {4u, 0u, 0u, 0u}, 1u, (uint8_t)SPW_RULE_MEAN}};
static spw_transport_t transport;
static spw_trainer_t trainer;
static spw_encoding_t encoding;
static spw_client_config_t config;
static spw_client_t client;

static void configure(void) {
  any_bytes((uint8_t *)device_id, sizeof(device_id) - 1u);
  transport.open = any_bool() ? open_any : NULL;
  transport.close = any_bool() ? close_any : NULL;
  transport.send = any_bool() ? send_any : NULL;
  transport.receive = any_bool() ? receive_any : NULL;
  trainer.tensors = any_bool() ? tensors : NULL;
  trainer.tensor_count = any_u32;
  trainer.kinds = any_u32;
  trainer.numerics = any_u32;
  trainer.begin = any_bool() ? begin_any : NULL;
  trainer.step = any_bool() ? step_any : NULL;
  trainer.finish = any_bool() ? finish_any : NULL;
  encoding.id = any_u32;
  encoding.capacity = any_u32;
  encoding.base = any_bool() ? base_any : NULL;
  encoding.element = any_bool() ? element_any : NULL;
  config.size = any_u32;
  config.device_id = any_bool() ? device_id : NULL;
  config.transport = any_bool() ? &transport : NULL;
  config.trainer = any_bool() ? &trainer : NULL;
  config.receive_buffer = any_bool() ? receive_buffer : NULL;
  config.receive_size = any_bool() ? RECEIVE_SIZE : any_up_to(SPW_FRAME_MIN - 1u);
  config.send_buffer = any_bool() ? send_buffer : NULL;
  config.send_size = any_bool() ? SEND_SIZE : any_up_to(SPW_FRAME_MIN - 1u);
  config.config_buffer = any_bool() ? config_buffer : NULL;
  config.config_size = any_bool() ? CONFIG_SIZE : 0u;
  config.metrics_buffer = any_bool() ? metrics_buffer : NULL;
  config.metrics_size = any_bool() ? METRICS_SIZE : 0u;
  config.encoding = any_bool() ? &encoding : NULL;
  config.seed = any_u64();
  config.keep_alive_ms = any_u32;
  config.backoff_first_ms = any_u32;
  config.backoff_most_ms = any_u32;
  config.conditions = any_u32;
  config.application = NULL;
  config.may_train = any_bool() ? may_train_any : NULL;
  config.on_event = any_bool() ? on_event_any : NULL;
}

static void refused(void) {
  static spw_client_t unused;
  (void)spw_client_init(NULL, &config);
  (void)spw_client_init(&unused, NULL);
  configure();
  (void)spw_client_init(&unused, &config);
}

/* A config within its contract; bare: what may be left out is. */
static void configure_well(bool bare) {
  any_bytes((uint8_t *)device_id, sizeof(device_id) - 1u);
  transport = (spw_transport_t){NULL, open_any, close_any, send_any, receive_any};
  trainer = (spw_trainer_t){NULL, tensors, any_u32, any_u32, any_u32, begin_any, step_any, finish_any};
  encoding = (spw_encoding_t){NULL, any_u32, any_u32, base_any, element_any};
  config = (spw_client_config_t){sizeof(config),
                                 device_id,
                                 &transport,
                                 &trainer,
                                 receive_buffer,
                                 RECEIVE_SIZE,
                                 send_buffer,
                                 SEND_SIZE,
                                 bare ? NULL : config_buffer,
                                 bare ? 0u : CONFIG_SIZE,
                                 bare ? NULL : metrics_buffer,
                                 bare ? 0u : METRICS_SIZE,
                                 bare ? NULL : &encoding,
                                 any_u64(),
                                 any_u32,
                                 any_u32,
                                 any_u32,
                                 any_u32,
                                 NULL,
                                 bare ? NULL : may_train_any,
                                 bare ? NULL : on_event_any};
}

int main(void) {
  const bool bare = any_bool();
  refused();
  //@ split bare;
  configure_well(bare);
  if (spw_client_init(&client, &config) != SPW_OK) {
    return 1;
  }
  while (any_bool()) {
    if (any_bool()) {
      (void)spw_client_step(&client, any_u32, any_u32);
    } else {
      spw_client_stop(&client);
    }
    (void)spw_client_connected(&client);
    (void)spw_client_model_valid(&client);
  }
  return 0;
}
