/* Phrases of the conversation between the scripted server and the device. */
#include <string.h>

#include "fixture.h"

void fixture_welcome(fixture_t *self, uint32_t frame_limit) {
  speedwell_ToServer heard;
  speedwell_ToDevice said = {0};
  fixture_expect(self, speedwell_ToServer_hello_tag, &heard);
  said.which_message = speedwell_ToDevice_welcome_tag;
  said.message.welcome.version = 1u;
  said.message.welcome.token = 0x1122334455667788u;
  said.message.welcome.keep_alive_ms = 60000u;
  said.message.welcome.frame_limit = frame_limit;
  fixture_say(self, &said);
  fixture_run(self);
  assert_true(spw_client_connected(&self->client));
}

void fixture_connect(fixture_t *self) {
  fixture_run(self);
  for (uint32_t tries = 0u; (!self->opened) && (tries < 10u); ++tries) {
    self->now = self->wish.wake_at_ms;
    fixture_run(self);
  }
  fixture_welcome(self, self->config.send_size);
}

/* Runs and tasks share one space of handles, none is given twice. */
static uint32_t next_handle(const fixture_t *self) {
  return 1u + ((self->task_handle > self->run_handle) ? self->task_handle : self->run_handle);
}

void fixture_say_offer(fixture_t *self, uint64_t run_id, uint32_t encoding) {
  speedwell_ToDevice said = {0};
  speedwell_RunOffer *offer = &said.message.run_offer;
  self->run_handle = next_handle(self);
  said.which_message = speedwell_ToDevice_run_offer_tag;
  offer->handle = self->run_handle;
  offer->run_id = run_id;
  offer->parameter_count = DOWN_ELEMENTS;
  offer->update_encoding = encoding;
  offer->kinds = 2u;
  const uint32_t count = (self->run_config_size > 0u) ? 2u : 1u;
  blobs_t *blobs = &self->blobs;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = count;
  blobs->role[0] = (uint32_t)speedwell_Role_ROLE_LAYOUT;
  blobs->role[1] = (uint32_t)speedwell_Role_ROLE_CONFIG;
  blobs->length_count = count;
  blobs->length[0] = self->layout_size;
  blobs->length[1] = self->run_config_size;
  blobs->crc_count = count;
  blobs->crc[0] = fixture_crc(0u, 1u, 0u, 0u, 0u, self->layout, self->layout_size);
  blobs->crc[1] = fixture_crc(0u, 2u, 0u, 0u, 0u, self->run_config, self->run_config_size);
  fixture_say(self, &said);
}

void fixture_offer(fixture_t *self, uint64_t run_id, uint32_t encoding) {
  fixture_say_offer(self, run_id, encoding);
  fixture_run(self);
}

void fixture_send_blob(fixture_t *self, uint32_t handle, uint32_t blob, const uint8_t *bytes, uint32_t from,
                       uint32_t to, uint32_t chunk) {
  for (uint32_t at = from; at < to; at += chunk) {
    speedwell_ToDevice said = {0};
    said.which_message = speedwell_ToDevice_chunk_tag;
    said.message.chunk.handle = handle;
    said.message.chunk.blob = blob;
    said.message.chunk.offset = at;
    said.message.chunk.data.bytes = &bytes[at];
    said.message.chunk.data.size = ((to - at) < chunk) ? (to - at) : chunk;
    fixture_say(self, &said);
  }
  fixture_run(self);
}

void fixture_ready(fixture_t *self) {
  speedwell_ToServer heard;
  fixture_offer(self, 7u, 0u);
  assert_true(fixture_hear(self, &heard));
  if (heard.which_message == speedwell_ToServer_grant_tag) {
    assert_int_equal(heard.message.grant.handle, self->run_handle);
    assert_int_equal(heard.message.grant.blob, 1u);
    assert_int_equal(heard.message.grant.length, self->run_config_size);
    fixture_send_blob(self, self->run_handle, 1u, self->run_config, 0u, self->run_config_size, 3u);
    assert_true(fixture_hear(self, &heard));
  }
  assert_int_equal(heard.which_message, speedwell_ToServer_run_ready_tag);
  assert_int_equal(heard.message.run_ready.run, self->run_handle);
}

void fixture_say_task(fixture_t *self, uint32_t kind, uint32_t round, uint32_t max_ms) {
  speedwell_ToDevice said = {0};
  speedwell_Task *task = &said.message.task;
  self->task_handle = next_handle(self);
  said.which_message = speedwell_ToDevice_task_tag;
  task->handle = self->task_handle;
  task->run = self->run_handle;
  task->round = round;
  task->task = 10u + round;
  task->attempt = 1u;
  task->kind = kind;
  task->seed = 99u;
  task->max_epochs = 2u;
  task->max_ms = max_ms;
  blobs_t *blobs = &self->blobs;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = 1u;
  blobs->role[0] = (uint32_t)speedwell_Role_ROLE_PARAMETERS;
  blobs->length_count = 1u;
  blobs->length[0] = sizeof(self->parameters);
  blobs->crc_count = 1u;
  blobs->crc[0] = fixture_crc(7u, 16u, 0u, round, 0u, self->parameters, sizeof(self->parameters));
  fixture_say(self, &said);
}

void fixture_task_of_kind(fixture_t *self, uint32_t kind, uint32_t round, uint32_t max_ms) {
  fixture_say_task(self, kind, round, max_ms);
  fixture_run(self);
}

void fixture_task(fixture_t *self, uint32_t round, uint32_t max_ms) {
  fixture_task_of_kind(self, (uint32_t)SPW_KIND_TRAIN, round, max_ms);
}

void fixture_download(fixture_t *self) {
  speedwell_ToServer heard;
  fixture_expect(self, speedwell_ToServer_grant_tag, &heard);
  assert_int_equal(heard.message.grant.handle, self->task_handle);
  assert_int_equal(heard.message.grant.offset + heard.message.grant.length, sizeof(self->parameters));
  fixture_send_blob(self, self->task_handle, 0u, self->parameters, heard.message.grant.offset, sizeof(self->parameters),
                    70u);
}

void fixture_grant(fixture_t *self, uint32_t blob, uint32_t offset, uint32_t length) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_grant_tag;
  said.message.grant.handle = self->task_handle;
  said.message.grant.blob = blob;
  said.message.grant.offset = offset;
  said.message.grant.length = length;
  fixture_say(self, &said);
  fixture_run(self);
}

uint32_t fixture_collect(fixture_t *self, uint32_t blob, uint32_t offset, uint8_t *bytes) {
  speedwell_ToServer heard;
  uint32_t at = offset;
  fixture_run(self);
  while (fixture_hear(self, &heard)) {
    const speedwell_Chunk *chunk = &heard.message.chunk;
    assert_int_equal(heard.which_message, speedwell_ToServer_chunk_tag);
    assert_int_equal(chunk->handle, self->task_handle);
    assert_int_equal(chunk->blob, blob);
    assert_int_equal(chunk->offset, at);
    assert_true(chunk->data.size >= 1u);
    (void)memcpy(&bytes[at], chunk->data.bytes, chunk->data.size);
    at += chunk->data.size;
  }
  return at;
}

void fixture_small(fixture_t *self, pb_size_t which, uint32_t handle, uint32_t number) {
  speedwell_ToDevice said = {0};
  said.which_message = which;
  if (which == speedwell_ToDevice_keep_alive_tag) {
    said.message.keep_alive.reply = (number != 0u);
  } else { /* WrapUp, Cancel, Accepted and Committed have the same shape: a handle and a number */
    said.message.wrap_up.handle = handle;
    said.message.wrap_up.within_ms = number;
  }
  fixture_say(self, &said);
  fixture_run(self);
}
