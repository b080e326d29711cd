/*
 * One whole session on a board under QEMU, step by step: how many instructions the longest step of each phase takes,
 * the functions of transport, trainer and encoding left out. The server is scripted here; the buffers have FRAME bytes,
 * the model TENSORS tensors.
 */
#include <string.h>

#include "board.h"
#include "client_internal.h"
#include "codec.h"
#include "crc32c.h"
#include "frame.h"
#include "layout.h"
#include "speedwell/client.h"
#include "speedwell/options.h"

enum { ELEMENTS = 512, BYTES = 4 * ELEMENTS };

static spw_client_t client;
static spw_wish_t wish;
static float weights[ELEMENTS];
static uint8_t receive_buffer[FRAME];
static uint8_t send_buffer[FRAME];
static uint8_t config_buffer[64];
static uint8_t metrics_buffer[64];
static uint8_t parameters[BYTES];
static uint8_t down[2 * FRAME]; /* what the stream holds for the device */
static uint32_t down_size;
static uint32_t outside; /* ticks spent in functions that are not the client's */
static uint32_t now_ms;
static bool takes_frame; /* the stream takes one more frame in this step */
static uint32_t most;    /* ticks of the longest step */

static char names[TENSORS][9];
static spw_tensor_t tensors[TENSORS];

static int32_t open_stream(void *context) {
  (void)context;
  return 1;
}

static void close_stream(void *context) {
  (void)context;
}

static int32_t send_bytes(void *context, const uint8_t *bytes, uint32_t size) {
  (void)context;
  (void)bytes;
  const int32_t taken = takes_frame ? (int32_t)size : 0;
  takes_frame = false;
  return taken;
}

static int32_t receive_bytes(void *context, uint8_t *bytes, uint32_t capacity) {
  const uint32_t from = board_ticks();
  const uint32_t size = (down_size < capacity) ? down_size : capacity;
  (void)context;
  (void)memcpy(bytes, down, size);
  down_size -= size;
  (void)memmove(down, &down[size], down_size);
  outside += board_ticks() - from;
  return (int32_t)size;
}

static bool begin(void *self, const spw_task_t *task) {
  (void)self;
  (void)task;
  return true;
}

static spw_step_t train(void *self, spw_hint_t hint) {
  static uint32_t steps = 0u;
  (void)self;
  (void)hint;
  ++steps;
  return (steps < 4u) ? SPW_STEP_MORE : SPW_STEP_DONE;
}

static void finish(void *self, spw_cause_t cause, spw_result_t *result) {
  (void)self;
  (void)cause;
  result->examples_held = 10u;
  result->metrics[0] = 1u;
  result->metrics_size = 64u;
}

static const spw_trainer_t trainer = {NULL, tensors, TENSORS, 0u, 0u, begin, train, finish};
static const spw_transport_t transport = {NULL, open_stream, close_stream, send_bytes, receive_bytes};

static void say(uint32_t number, const void *body) {
  uint8_t frame[FRAME];
  spw_sink_t out = {frame, FRAME, 0u};
  spw_frame_write(&spw_to_device, number, body, &out);
  (void)memcpy(&down[down_size], &frame[out.room], out.size);
  down_size += out.size;
}

static uint32_t checksum(uint64_t run, uint32_t role, uint32_t round, const uint8_t *bytes, uint32_t size) {
  const spw_blob_key_t key = {run, role, 0u, round, 0u, size};
  return spw_crc_end(spw_crc_add(spw_crc_blob(&key), bytes, size));
}

/* One step; the longest since `most` was set to 0 is kept. */
static void step(void) {
  takes_frame = true;
  outside = 0u;
  const uint32_t from = board_ticks();
  wish = spw_client_step(&client, now_ms, 1u);
  const uint32_t ticks = board_ticks() - from - outside;
  most = (ticks > most) ? ticks : most;
}

static void run(void) {
  do {
    step();
  } while (wish.cpu || wish.write || (down_size > 0u));
}

/* 64 ns an instruction (icount's shift is 6), 40 ns a tick. */
static void tell(const char *phase) {
  board_say(phase);
  board_say("\t");
  board_say_number((most * 5u) / 8u);
  board_say("\n");
  most = 0u;
}

static void connect(void) {
  const speedwell_Welcome welcome = {1u, 5u, 60000u, 1048576u};
  step();
  tell("opening: `Hello`");
  say(speedwell_ToDevice_welcome_tag, &welcome);
  run();
  tell("`Welcome`");
}

static void offer(const uint8_t *config, uint32_t config_size) {
  uint8_t roles[2] = {(uint8_t)speedwell_Role_ROLE_LAYOUT, (uint8_t)speedwell_Role_ROLE_CONFIG};
  uint8_t lengths[10];
  uint8_t crcs[8];
  const uint32_t layout_crc = spw_layout_crc(&trainer);
  const uint32_t config_crc = checksum(0u, (uint32_t)speedwell_Role_ROLE_CONFIG, 0u, config, config_size);
  uint32_t at = spw_put_varint(lengths, spw_layout_length(&trainer));
  at += spw_put_varint(&lengths[at], config_size);
  (void)memcpy(crcs, &layout_crc, 4u);
  (void)memcpy(&crcs[4], &config_crc, 4u);
  speedwell_RunOffer run_offer;
  (void)memset(&run_offer, 0, sizeof(run_offer));
  run_offer.handle = 1u;
  run_offer.run_id = 7u;
  run_offer.parameter_count = ELEMENTS;
  run_offer.kinds = 2u;
  run_offer.blob_role = (spw_view_t){roles, 2u};
  run_offer.blob_length = (spw_view_t){lengths, at};
  run_offer.blob_crc = (spw_view_t){crcs, 8u};
  (void)board_ticks();
  say(speedwell_ToDevice_run_offer_tag, &run_offer);
  run();
  tell("`RunOffer`: layout and configuration");
  const speedwell_Chunk chunk = {1u, 1u, 0u, {config, config_size}};
  say(speedwell_ToDevice_chunk_tag, &chunk);
  run();
  tell("`Chunk` of the configuration, 48 bytes");
}

static void offer_task(void) {
  uint8_t role = (uint8_t)speedwell_Role_ROLE_PARAMETERS;
  uint8_t lengths[5];
  uint8_t crcs[4];
  const uint32_t crc = checksum(7u, role, 3u, parameters, BYTES);
  (void)memcpy(crcs, &crc, 4u);
  speedwell_Task task;
  (void)memset(&task, 0, sizeof(task));
  task.handle = 2u;
  task.run = 1u;
  task.round = 3u;
  task.kind = 1u;
  task.attempt = 1u;
  task.seed = 9u;
  task.max_ms = 1000000u;
  task.blob_role = (spw_view_t){&role, 1u};
  task.blob_length = (spw_view_t){lengths, spw_put_varint(lengths, BYTES)};
  task.blob_crc = (spw_view_t){crcs, 4u};
  (void)board_ticks();
  say(speedwell_ToDevice_task_tag, &task);
  run();
  tell("`Task`");
}

/* Full frames of parameters; tells the longest step, and instructions per byte of a full chunk, in hundredths. */
static void download(void) {
  enum { HEAD = 20, PIECE = FRAME - HEAD };
  uint32_t at = 0u;
  uint32_t full = 0u;
  while (at < BYTES) {
    const uint32_t size = ((BYTES - at) < (uint32_t)PIECE) ? (BYTES - at) : (uint32_t)PIECE;
    const speedwell_Chunk chunk = {2u, 0u, at, {&parameters[at], size}};
    say(speedwell_ToDevice_chunk_tag, &chunk);
    step();
    full = (most > full) ? most : full;
    at += size;
  }
  tell("`Chunk` of parameters, a full frame");
  board_say("per byte\t");
  board_say_number((full * 500u) / (8u * (uint32_t)PIECE));
  board_say("\n");
  most = 0u;
}

static void work(void) {
  while (client.task.phase == (uint8_t)SPW_PHASE_TRAINING) {
    step();
  }
  tell("around the trainer's step");
  while (client.task.phase == (uint8_t)SPW_PHASE_SUMMING) {
    step();
  }
  run();
  tell("checksum of the update, a slice; `Result`");
}

/* The stream takes one frame a step. */
static void upload(void) {
  const speedwell_Grant grant = {2u, 0u, 0u, BYTES};
  say(speedwell_ToDevice_grant_tag, &grant);
  run();
  tell("`Chunk` of the update, a full frame");
}

/* All weights in the last tensor, but one for each of the others, which are walked past. Names of 8 letters. */
static void make_tensors(void) {
  for (uint32_t i = 0u; i < (uint32_t)TENSORS; ++i) {
    const uint32_t size = (i < ((uint32_t)TENSORS - 1u)) ? 1u : ((uint32_t)ELEMENTS - i);
    const spw_tensor_t tensor = SPW_VECTOR(names[i], &weights[i], size);
    (void)memcpy(names[i], "tensor-a", 9u);
    names[i][7] = (char)('a' + (char)i);
    tensors[i] = tensor;
  }
}

int main(void) {
  static const uint8_t config[48] = {1u, 2u, 'l', 'r', 0u, 0u, 0u, 0x3Fu, 0u};
  const spw_client_config_t settings = {.size = (uint32_t)sizeof(settings),
                                        .device_id = "device-1",
                                        .transport = &transport,
                                        .trainer = &trainer,
                                        .receive_buffer = receive_buffer,
                                        .receive_size = FRAME,
                                        .send_buffer = send_buffer,
                                        .send_size = FRAME,
                                        .config_buffer = config_buffer,
                                        .config_size = sizeof(config_buffer),
                                        .metrics_buffer = metrics_buffer,
                                        .metrics_size = sizeof(metrics_buffer)};
  make_tensors();
  if (spw_client_init(&client, &settings) != SPW_OK) {
    return 0;
  }
  connect();
  offer(config, sizeof(config));
  offer_task();
  download();
  work();
  upload();
  const speedwell_Accepted accepted = {2u, 1u};
  say(speedwell_ToDevice_accepted_tag, &accepted);
  run();
  tell("`Accepted`");
  for (uint32_t i = 0u; i < (uint32_t)SPW_FRAMES_PER_STEP; ++i) {
    const speedwell_KeepAlive reply = {true};
    say(speedwell_ToDevice_keep_alive_tag, &reply);
  }
  step();
  tell("sixteen small frames at once");
  const speedwell_Committed committed = {2u, 3u};
  say(speedwell_ToDevice_committed_tag, &committed);
  run();
  tell("`Committed`");
  step();
  tell("nothing to do");
  return spw_client_connected(&client) && (client.task.phase == (uint8_t)SPW_PHASE_NONE);
}
