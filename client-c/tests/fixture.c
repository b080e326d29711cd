#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "crc32c.h"
#include "frame.h"

static int32_t transport_open(void *context) {
  fixture_t *self = context;
  ++self->opened_times;
  if (self->opens > 0) {
    assert_false(self->opened);
    self->opened = true;
    self->broken = false;
    self->down.size = 0u;
    self->down.at = 0u;
    self->up.size = 0u;
    self->up.at = 0u;
  }
  return self->opens;
}

static void transport_close(void *context) {
  fixture_t *self = context;
  ++self->closed_times;
  self->opened = false;
}

static uint32_t least(uint32_t a, uint32_t b) {
  return (a < b) ? a : b;
}

static int32_t transport_send(void *context, const uint8_t *bytes, uint32_t size) {
  fixture_t *self = context;
  assert_true(self->opened);
  assert_true(size >= 1u);
  if (self->broken) {
    return -1;
  }
  uint32_t count = least(size, self->room);
  count = (self->piece > 0u) ? least(count, self->piece) : count;
  assert_true(self->up.size + count <= PIPE_SIZE);
  (void)memcpy(&self->up.bytes[self->up.size], bytes, count);
  self->up.size += count;
  self->room -= (self->room == UINT32_MAX) ? 0u : count;
  return (int32_t)count;
}

static int32_t transport_receive(void *context, uint8_t *bytes, uint32_t capacity) {
  fixture_t *self = context;
  assert_true(self->opened);
  assert_true(capacity >= 1u);
  if (self->broken) {
    return -1;
  }
  uint32_t count = least(capacity, self->down.size - self->down.at);
  count = (self->piece > 0u) ? least(count, self->piece) : count;
  (void)memcpy(bytes, &self->down.bytes[self->down.at], count);
  self->down.at += count;
  return (int32_t)count;
}

static bool may_train(void *application) {
  const fixture_t *self = application;
  return !self->denies;
}

static void on_event(void *application, const spw_event_t *event) {
  fixture_t *self = application;
  assert_true(self->event_count < EVENTS_MOST);
  self->events[self->event_count] = *event;
  ++self->event_count;
  if (event->detail.size > 0u) {
    assert_true(event->detail.size < sizeof(self->detail));
    (void)memcpy(self->detail, event->detail.bytes, event->detail.size);
    self->detail[event->detail.size] = '\0';
  }
  if (self->hears_too != NULL) {
    self->hears_too(self, event);
  }
}

static void put_u32(uint8_t *bytes, uint32_t value) {
  for (uint32_t i = 0u; i < 4u; ++i) {
    bytes[i] = (uint8_t)(value >> (8u * i));
  }
}

fixture_t *fixture_new(uint32_t frame) {
  static const uint8_t layout[] = {12,  'l', 'a', 'y', 'e', 'r', '.', 'w', 'e', 'i', 'g', 'h', 't', 1, 0, 2, 8,  0,
                                   0,   0,   5,   0,   0,   0,   4,   'h', 'e', 'a', 'd', 1,   2,   1, 5, 0, 0,  0,
                                   4,   'n', 'o', 'r', 'm', 1,   3,   2,   1,   0,   0,   0,   2,   0, 0, 0, 10, 'l',
                                   'a', 'y', 'e', 'r', '.', 'b', 'i', 'a', 's', 1,   1,   1,   3,   0, 0, 0};
  static const uint8_t run_config[] = {1, 2, 'l', 'r', 0, 0, 0, 0x3F};
  fixture_t *self = calloc(1u, sizeof(*self));
  assert_non_null(self);
  const uint32_t sizes[4] = {frame, frame, CONFIG_SIZE, METRICS_SIZE};
  for (uint32_t i = 0u; i < 4u; ++i) {
    self->buffers[i] = calloc(sizes[i], 1u);
    assert_non_null(self->buffers[i]);
  }
  fixture_trainer_init(&self->trainer);
  const spw_transport_t transport = {self, transport_open, transport_close, transport_send, transport_receive};
  self->transport = transport;
  self->config.size = sizeof(self->config);
  self->config.device_id = "device-1";
  self->config.transport = &self->transport;
  self->config.trainer = &self->trainer.trainer;
  self->config.receive_buffer = self->buffers[0];
  self->config.receive_size = frame;
  self->config.send_buffer = self->buffers[1];
  self->config.send_size = frame;
  self->config.config_buffer = self->buffers[2];
  self->config.config_size = CONFIG_SIZE;
  self->config.metrics_buffer = self->buffers[3];
  self->config.metrics_size = METRICS_SIZE;
  self->config.seed = 42u;
  self->config.application = self;
  self->config.may_train = may_train;
  self->config.on_event = on_event;
  self->opens = 1;
  self->room = UINT32_MAX;
  self->slices = 1u;
  self->now = 1000u;
  (void)memcpy(self->layout, layout, sizeof(layout));
  self->layout_size = sizeof(layout);
  (void)memcpy(self->run_config, run_config, sizeof(run_config));
  self->run_config_size = sizeof(run_config);
  for (uint32_t i = 0u; i < DOWN_ELEMENTS; ++i) {
    const float value = (float)i * 0.37f;
    uint32_t bits = 0u;
    (void)memcpy(&bits, &value, 4u);
    put_u32(&self->parameters[4u * i], bits);
  }
  return self;
}

void fixture_start(fixture_t *self) {
  assert_int_equal(spw_client_init(&self->client, &self->config), SPW_OK);
}

void fixture_free(fixture_t *self) {
  spw_client_stop(&self->client);
  assert_false(self->opened);
  assert_int_equal(self->trainer.begun, self->trainer.finished);
  for (uint32_t i = 0u; i < 4u; ++i) {
    free(self->buffers[i]);
  }
  free(self);
}

void fixture_step(fixture_t *self) {
  self->wish =
      (self->steps_with != NULL) ? self->steps_with(self) : spw_client_step(&self->client, self->now, self->slices);
  ++self->steps;
}

void fixture_run(fixture_t *self) {
  uint32_t idle = 0u;
  uint32_t guard = 0u;
  while (idle == 0u) {
    const uint32_t moved = self->up.size + self->down.at;
    fixture_step(self);
    const bool readable = self->broken || (self->down.at < self->down.size);
    const bool writable = self->broken || (self->room > 0u);
    const bool wanted = self->wish.cpu || (self->opened && self->wish.read && readable) ||
                        (self->opened && self->wish.write && writable);
    idle = (wanted || (moved != (self->up.size + self->down.at))) ? 0u : 1u;
    ++guard;
    assert_true(guard < 100000u); /* a device that never rests is a busy loop */
  }
}

void fixture_pass(fixture_t *self, uint32_t ms) {
  const uint32_t until = self->now + ms;
  fixture_run(self);
  uint32_t guard = 0u;
  while (self->now != until) {
    const uint32_t wait = self->wish.wake_at_ms - self->now;
    const uint32_t left = until - self->now;
    assert_true((wait > 0u) || (guard < 8u)); /* woken again and again at one time */
    guard = (wait > 0u) ? 0u : (guard + 1u);
    self->now += least(wait, left);
    fixture_run(self);
  }
}

/* Packs a list of varints, or of fixed32; returns the view of it. */
static spw_view_t pack(uint8_t *bytes, const uint32_t *elements, uint32_t count, bool fixed) {
  spw_view_t list = {bytes, 0u};
  for (uint32_t i = 0u; i < count; ++i) {
    if (fixed) {
      put_u32(&bytes[list.size], elements[i]);
      list.size += 4u;
    } else {
      list.size += spw_put_varint(&bytes[list.size], elements[i]);
    }
  }
  return list;
}

static uint32_t unpack(spw_view_t list, uint32_t *elements, bool fixed) {
  spw_span_t in = {list.bytes, 0u, list.size};
  uint32_t count = 0u;
  bool wide = false;
  while (in.at < in.end) {
    assert_true(count < 8u);
    if (fixed) {
      (void)memcpy(&elements[count], &in.base[in.at], 4u); /* the tests run on little-endian machines */
      in.at += 4u;
    } else {
      assert_true(spw_take_varint(&in, &elements[count], &wide) && !wide);
    }
    ++count;
  }
  return count;
}

void fixture_take_lists(fixture_t *self, const speedwell_Result *result) {
  blobs_t *blobs = &self->heard_blobs;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = unpack(result->blob_role, blobs->role, false);
  blobs->length_count = unpack(result->blob_length, blobs->length, false);
  blobs->crc_count = unpack(result->blob_crc, blobs->crc, true);
  blobs->encoding_count = unpack(result->blob_encoding, blobs->encoding, false);
}

void fixture_say(fixture_t *self, const speedwell_ToDevice *message) {
  enum { FRAME_MOST = 4096 };
  const blobs_t *blobs = &self->blobs;
  speedwell_ToDevice said = *message;
  uint8_t frame[FRAME_MOST];
  uint8_t lists[4][40];
  const spw_view_t roles = pack(lists[0], blobs->role, blobs->role_count, false);
  const spw_view_t lengths = pack(lists[1], blobs->length, blobs->length_count, false);
  const spw_view_t crcs = pack(lists[2], blobs->crc, blobs->crc_count, true);
  const spw_view_t encodings = pack(lists[3], blobs->encoding, blobs->encoding_count, false);
  if (said.which_message == speedwell_ToDevice_run_offer_tag) {
    said.message.run_offer.blob_role = roles;
    said.message.run_offer.blob_length = lengths;
    said.message.run_offer.blob_crc = crcs;
    said.message.run_offer.blob_encoding = encodings;
  } else if (said.which_message == speedwell_ToDevice_task_tag) {
    said.message.task.blob_role = roles;
    said.message.task.blob_length = lengths;
    said.message.task.blob_crc = crcs;
    said.message.task.blob_encoding = encodings;
  }
  spw_sink_t out = {frame, FRAME_MOST, 0u};
  spw_frame_write(&spw_to_device, said.which_message, &said.message, &out);
  assert_true(out.size <= self->config.receive_size);
  fixture_say_raw(self, &frame[out.room], out.size);
}

void fixture_say_raw(fixture_t *self, const void *bytes, uint32_t size) {
  assert_true(self->down.size + size <= PIPE_SIZE);
  (void)memcpy(&self->down.bytes[self->down.size], bytes, size);
  self->down.size += size;
}

bool fixture_hear(fixture_t *self, speedwell_ToServer *message) {
  const spw_span_t bytes = {self->up.bytes, self->up.at, self->up.size};
  spw_span_t body = {NULL, 0u, 0u};
  uint32_t number = 0u;
  const spw_frame_t found = spw_frame_find(&bytes, self->config.send_size, &body);
  assert_int_not_equal(found, SPW_FRAME_BAD);
  if (found == SPW_FRAME_WHOLE) {
    self->up.at = body.end;
    assert_int_equal(spw_decode(&spw_to_server, &body, &number, &message->message), SPW_DECODED);
    message->which_message = (pb_size_t)number;
    if (number == speedwell_ToServer_result_tag) {
      fixture_take_lists(self, &message->message.result);
    }
  }
  return found == SPW_FRAME_WHOLE;
}

void fixture_expect(fixture_t *self, pb_size_t which, speedwell_ToServer *message) {
  fixture_run(self);
  assert_true(fixture_hear(self, message));
  assert_int_equal(message->which_message, which);
}

void fixture_expect_silence(fixture_t *self) {
  fixture_run(self);
  assert_int_equal(self->up.at, self->up.size);
}

void fixture_cut(fixture_t *self) {
  self->broken = true;
  fixture_run(self);
  assert_false(self->opened && self->broken);
}

int32_t fixture_send_too_much(void *context, const uint8_t *bytes, uint32_t size) {
  (void)context;
  (void)bytes;
  return (int32_t)size + 1;
}

int32_t fixture_receive_too_much(void *context, uint8_t *bytes, uint32_t capacity) {
  (void)context;
  (void)bytes;
  return (int32_t)capacity + 1;
}

uint32_t fixture_events(const fixture_t *self, spw_event_kind_t kind) {
  uint32_t count = 0u;
  for (uint32_t i = 0u; i < self->event_count; ++i) {
    count += (self->events[i].kind == kind) ? 1u : 0u;
  }
  return count;
}

uint32_t fixture_event_number(const fixture_t *self, spw_event_kind_t kind) {
  uint32_t number = UINT32_MAX;
  for (uint32_t i = 0u; i < self->event_count; ++i) {
    number = (self->events[i].kind == kind) ? self->events[i].number : number;
  }
  return number;
}

uint32_t fixture_crc(uint64_t run_id, uint32_t role, uint32_t encoding, uint32_t round, uint32_t update_id,
                     const uint8_t *bytes, uint32_t size) {
  const spw_blob_key_t key = {(role < 16u) ? 0u : run_id, role, encoding, round, update_id, size};
  return spw_crc_end(spw_crc_add(spw_crc_blob(&key), bytes, size));
}

static void put_floats(uint8_t *bytes, const float *values, uint32_t count) {
  for (uint32_t i = 0u; i < count; ++i) {
    uint32_t bits = 0u;
    (void)memcpy(&bits, &values[i], 4u);
    put_u32(&bytes[4u * i], bits);
  }
}

void fixture_update(const fixture_t *self, uint8_t bytes[4 * UP_ELEMENTS]) {
  put_floats(bytes, self->trainer.weight, 40u);
  put_floats(&bytes[160], self->trainer.bias, 3u);
}
