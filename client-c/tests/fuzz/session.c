/*
 * A whole session against a server that says anything: the input is what the server, the stream, the clock and the
 * callbacks do. The device speaks in well-formed frames only, always comes to rest, finishes each task once that it
 * began, and afterwards serves a server that behaves. (SPW-MEM-05, SPW-TIM-06, SPW-TSK-06)
 */
#include <string.h>

#include "fixture.h"
#include "fuzz.h"

enum { INPUT_MOST = 1024, EVENTS_LEFT = 200 };

static uint32_t some_handle(fixture_t *self, fuzz_input_t *input) {
  const uint32_t choice = fuzz_byte(input);
  const uint32_t handles[4] = {self->client.task.handle, self->client.run.handle, self->task_handle, choice / 4u};
  return handles[choice % 4u];
}

static uint32_t some_number(fuzz_input_t *input) {
  static const uint32_t edges[8] = {0u, 1u, 172u, 180u, 60000u, 0x7FFFFFFFu, 0x80000000u, UINT32_MAX};
  const uint32_t choice = fuzz_byte(input);
  return (choice < 128u) ? choice : edges[choice % 8u];
}

static void say_raw(fixture_t *self, fuzz_input_t *input) {
  uint8_t bytes[32];
  const uint32_t count = fuzz_below(input, 32u);
  for (uint32_t i = 0u; i < count; ++i) {
    bytes[i] = (uint8_t)fuzz_byte(input);
  }
  fixture_say_raw(self, bytes, count);
}

static void say_welcome(fixture_t *self, fuzz_input_t *input) {
  speedwell_ToDevice said = {0};
  const uint32_t spoiled = fuzz_below(input, 8u);
  said.which_message = speedwell_ToDevice_welcome_tag;
  said.message.welcome.version = (spoiled == 1u) ? some_number(input) : 1u;
  said.message.welcome.token = (spoiled == 2u) ? some_number(input) : 5u;
  said.message.welcome.keep_alive_ms = (spoiled == 3u) ? some_number(input) : 60000u;
  said.message.welcome.frame_limit = (spoiled == 4u) ? some_number(input) : 300u;
  fixture_say(self, &said);
}

/* What the device waits for, or a little beside it. */
static void say_chunk(fixture_t *self, fuzz_input_t *input) {
  const spw_fetch_t *fetch = &self->client.fetch;
  const uint8_t *blob =
      (fetch->role == 2u) ? self->run_config : ((fetch->role == 1u) ? self->layout : self->parameters);
  const uint32_t whole = (fetch->role == 2u) ? (uint32_t)CONFIG_SIZE : ((fetch->role == 1u) ? 128u : 180u);
  const uint32_t shape = fuzz_byte(input);
  speedwell_ToDevice said = {0};
  speedwell_Chunk *chunk = &said.message.chunk;
  said.which_message = speedwell_ToDevice_chunk_tag;
  chunk->handle = (fetch->role == 16u) ? self->client.task.handle : self->client.run.handle;
  chunk->blob = fetch->blob;
  chunk->offset = fetch->offset;
  chunk->data.size = fetch->length - fetch->offset;
  if ((shape % 4u) == 1u) {
    chunk->data.size = fuzz_byte(input);
  } else if ((shape % 16u) == 2u) {
    chunk->offset = some_number(input);
    chunk->handle = some_handle(self, input);
    chunk->blob = fuzz_byte(input);
  } else {
    /* as it should be */
  }
  const uint32_t at = (fetch->offset < whole) ? fetch->offset : 0u;
  chunk->data.bytes = &blob[at];
  chunk->data.size = (chunk->data.size < (whole - at)) ? chunk->data.size : (whole - at);
  fixture_say(self, &said);
}

static void say_small(fixture_t *self, fuzz_input_t *input) {
  static const pb_size_t tags[8] = {speedwell_ToDevice_grant_tag,  speedwell_ToDevice_wrap_up_tag,
                                    speedwell_ToDevice_cancel_tag, speedwell_ToDevice_accepted_tag,
                                    speedwell_ToDevice_grant_tag,  speedwell_ToDevice_committed_tag,
                                    speedwell_ToDevice_reject_tag, speedwell_ToDevice_keep_alive_tag};
  speedwell_ToDevice said = {0};
  said.which_message = tags[fuzz_below(input, 8u)];
  if (said.which_message == speedwell_ToDevice_keep_alive_tag) {
    said.message.keep_alive.reply = (fuzz_below(input, 2u) == 1u);
  } else if (said.which_message == speedwell_ToDevice_grant_tag) {
    said.message.grant.handle = some_handle(self, input);
    said.message.grant.blob = fuzz_below(input, 3u);
    said.message.grant.offset = some_number(input);
    said.message.grant.length = some_number(input);
  } else { /* all of one shape */
    said.message.wrap_up.handle = some_handle(self, input);
    said.message.wrap_up.within_ms = some_number(input);
  }
  fixture_say(self, &said);
}

static void say_bye(fixture_t *self, fuzz_input_t *input) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_bye_tag;
  said.message.bye.reason = some_number(input);
  said.message.bye.retry_after_ms = some_number(input);
  fixture_say(self, &said);
}

/* An offer with lists that may be spoiled. */
static void say_offer(fixture_t *self, fuzz_input_t *input) {
  const uint32_t choice = fuzz_byte(input);
  self->run_config_size = ((choice & 2u) != 0u) ? 0u : 8u;
  self->run_config[7] = ((choice & 4u) != 0u) ? 0x40u : 0x3Fu;
  self->layout[20] ^= ((choice & 8u) != 0u) ? 1u : 0u;
  fixture_say_offer(self, 7u + (choice & 1u), ((choice & 0x30u) == 0x30u) ? 1u : 0u);
}

static void say_task(fixture_t *self, fuzz_input_t *input) {
  const uint32_t choice = fuzz_byte(input);
  const uint32_t max_ms = ((choice & 0x10u) != 0u) ? some_number(input) : 0u;
  fixture_say_task(self, 1u + (choice & 3u), (choice >> 2) & 3u, max_ms);
}

static void change_mind(fixture_t *self, fuzz_input_t *input) {
  const uint32_t choice = fuzz_byte(input);
  self->denies = ((choice & 3u) == 3u);
  self->trainer.refuses = ((choice & 0x0Cu) == 0x0Cu);
  self->trainer.fails = ((choice & 0x30u) == 0x30u);
  self->trainer.metrics = (choice >> 6) & 3u;
  self->trainer.steps_wanted = 1u + fuzz_below(input, 40u);
  self->trainer.ends_at_hint = ((choice & 1u) == 1u);
}

static void change_stream(fixture_t *self, fuzz_input_t *input) {
  const uint32_t choice = fuzz_byte(input);
  self->room = ((choice & 7u) == 7u) ? fuzz_byte(input) : UINT32_MAX;
  self->piece = choice >> 3;
}

/* No chunk goes beyond its blob. */
static void check_chunk(const fixture_t *self, const speedwell_Chunk *chunk) {
  const blobs_t *blobs = &self->heard_blobs;
  FUZZ_CHECK(chunk->blob < blobs->length_count);
  FUZZ_CHECK((chunk->data.size >= 1u) && (chunk->offset < blobs->length[chunk->blob]));
  FUZZ_CHECK(chunk->data.size <= (blobs->length[chunk->blob] - chunk->offset));
}

/* The pipes are emptied between two things that happen; all that the device said must be frames. */
static void tidy(fixture_t *self) {
  speedwell_ToServer heard;
  while (self->opened && fixture_hear(self, &heard)) { /* fixture_hear holds it to that */
    if (heard.which_message == speedwell_ToServer_chunk_tag) {
      check_chunk(self, &heard.message.chunk);
    }
  }
  if (self->up.at == self->up.size) {
    self->up.at = self->up.size = 0u;
  }
  if (self->down.at == self->down.size) {
    self->down.at = self->down.size = 0u;
  }
  if (self->event_count > ((uint32_t)EVENTS_MOST - (uint32_t)EVENTS_LEFT)) {
    self->event_count = 0u;
  }
}

static void happen(fixture_t *self, fuzz_input_t *input) {
  const uint32_t choice = fuzz_byte(input);
  const uint32_t what = choice % 16u;
  const bool heard = self->opened && (self->down.size < ((uint32_t)PIPE_SIZE / 2u));
  if (what == 0u) {
    fixture_pass(self, 256u * fuzz_byte(input));
  } else if (what == 1u) {
    change_mind(self, input);
  } else if (what == 2u) {
    change_stream(self, input);
  } else if (!heard) {
    self->now = self->wish.wake_at_ms;
  } else if (what == 3u) {
    fixture_cut(self);
  } else if (what == 4u) {
    say_raw(self, input);
  } else if (what == 5u) {
    say_bye(self, input);
  } else if (what == 6u) {
    spw_client_stop(&self->client);
  } else if (what <= 8u) {
    say_welcome(self, input);
  } else if (what == 9u) {
    say_offer(self, input);
  } else if (what <= 11u) {
    say_task(self, input);
  } else if (what <= 13u) {
    say_chunk(self, input);
  } else {
    say_small(self, input);
  }
  if ((choice & 0x80u) != 0u) {
    fixture_run(self);
  } else { /* the next thing happens in the middle of something */
    for (uint32_t i = 0u; i <= (choice >> 4); ++i) {
      fixture_step(self);
    }
  }
  tidy(self);
}

/* A server that behaves gets its result. */
static void serve(fixture_t *self) {
  static const uint8_t run_config[] = {1, 2, 'l', 'r', 0, 0, 0, 0x3F};
  speedwell_ToServer heard;
  self->denies = false;
  self->trainer.fails = false;
  self->trainer.refuses = false;
  self->trainer.metrics = 0u;
  self->trainer.steps_wanted = 5u;
  self->room = UINT32_MAX;
  self->piece = 0u;
  self->event_count = 0u;
  (void)memcpy(self->run_config, run_config, sizeof(run_config));
  self->run_config_size = sizeof(run_config);
  if (self->opened) {
    fixture_cut(self);
  }
  fixture_connect(self);
  fixture_ready(self);
  fixture_task(self, 77u, 0u);
  fixture_download(self);
  fixture_expect(self, speedwell_ToServer_result_tag, &heard);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size > (size_t)INPUT_MOST) {
    return 0;
  }
  (void)setenv("CMOCKA_TEST_ABORT", "1", 1); /* the fixture's assertions abort */
  fuzz_input_t input = {bytes, size, 0u};
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  uint8_t layout[sizeof(self->layout)];
  (void)memcpy(layout, self->layout, sizeof(layout));
  self->now = fuzz_byte(&input) << 24;
  self->slices = 1u + fuzz_below(&input, 3u);
  fixture_start(self);
  fixture_run(self);
  tidy(self);
  while (input.at < input.size) {
    happen(self, &input);
  }
  (void)memcpy(self->layout, layout, sizeof(layout));
  serve(self);
  fixture_free(self);
  return 0;
}
