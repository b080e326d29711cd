/* Whatever a server says, in whatever order and pieces: no fault, no endless loop, one finish for each begin, and a
 * well-behaved server is served afterwards. */
#include <string.h>

#include "fixture.h"

enum { WORLDS = 300, EVENTS = 60 };

static uint32_t some_handle(fixture_t *self, uint64_t *seed) {
  const uint32_t handles[4] = {self->run_handle, self->task_handle, 0u, test_below(seed, 50u)};
  return handles[test_below(seed, 4u)];
}

/* A message with plausible numbers at a time that may be wrong. */
static void say_something(fixture_t *self, uint64_t *seed) {
  static const uint32_t numbers[6] = {0u, 1u, 5u, 180u, 0x7FFFFFFFu, UINT32_MAX};
  speedwell_ToDevice said = {0};
  said.which_message = (pb_size_t)(4u + test_below(seed, 9u));
  if ((said.which_message == speedwell_ToDevice_bye_tag) && (test_below(seed, 4u) != 0u)) {
    said.which_message = speedwell_ToDevice_chunk_tag;
  }
  if (said.which_message == speedwell_ToDevice_chunk_tag) {
    const uint32_t size = test_below(seed, 100u);
    said.message.chunk.handle = some_handle(self, seed);
    said.message.chunk.blob = test_below(seed, 2u);
    said.message.chunk.offset = self->client.fetch.offset + ((test_below(seed, 8u) == 0u) ? 1u : 0u);
    said.message.chunk.data.bytes = self->parameters;
    said.message.chunk.data.size = size;
  } else if (said.which_message == speedwell_ToDevice_grant_tag) {
    said.message.grant.handle = some_handle(self, seed);
    said.message.grant.blob = test_below(seed, 2u);
    said.message.grant.offset = test_below(seed, 20u);
    said.message.grant.length = numbers[test_below(seed, 6u)];
  } else if (said.which_message == speedwell_ToDevice_keep_alive_tag) {
    said.message.keep_alive.reply = (test_below(seed, 2u) == 1u);
  } else if (said.which_message != speedwell_ToDevice_bye_tag) {
    said.message.wrap_up.handle = some_handle(self, seed);
    said.message.wrap_up.within_ms = numbers[test_below(seed, 6u)];
  } else {
    /* Bye */
  }
  fixture_say(self, &said);
}

static void happen(fixture_t *self, uint64_t *seed) {
  uint8_t garbage[16];
  switch (test_below(seed, 14u)) {
    case 0u:
      fixture_offer(self, 7u + test_below(seed, 2u), 0u);
      break;
    case 1u:
    case 2u:
      fixture_task_of_kind(self, 1u + test_below(seed, 2u), test_below(seed, 2u), test_below(seed, 3u) * 4000u);
      break;
    case 3u: /* what it needs to get on */
      fixture_send_blob(self, self->client.task.handle, 0u, self->parameters, self->client.fetch.offset,
                        (self->client.fetch.role == 16u) ? (uint32_t)sizeof(self->parameters) : 0u, 50u);
      break;
    case 4u:
      fixture_send_blob(self, self->run_handle, 1u, self->run_config, self->client.fetch.offset,
                        (self->client.fetch.role == 2u) ? self->run_config_size : 0u, 5u);
      break;
    case 5u:
      fixture_pass(self, test_below(seed, 30000u));
      break;
    case 6u:
      self->denies = (test_below(seed, 6u) == 0u);
      self->trainer.fails = (test_below(seed, 6u) == 0u);
      self->trainer.metrics = test_below(seed, 3u);
      break;
    case 7u:
      if (test_below(seed, 5u) == 0u) {
        fixture_cut(self);
      }
      break;
    case 8u:
      if (test_below(seed, 12u) == 0u) {
        for (uint32_t i = 0u; i < sizeof(garbage); ++i) {
          garbage[i] = (uint8_t)test_random(seed);
        }
        fixture_say_raw(self, garbage, sizeof(garbage));
      }
      break;
    default:
      say_something(self, seed);
      break;
  }
  fixture_run(self);
}

/* SPW-MEM-05, SPW-TIM-06, SPW-TSK-06 */
static void nothing_a_server_says_does_harm(void **state) {
  uint32_t begun = 0u;
  uint32_t results = 0u;
  (void)state;
  for (uint32_t world = 0u; world < WORLDS; ++world) {
    fixture_t *self = fixture_new(SPW_FRAME_MIN);
    uint64_t seed = world;
    speedwell_ToServer heard;
    self->now = test_random(&seed) * 2u;
    self->slices = 1u + test_below(&seed, 3u);
    self->piece = test_below(&seed, 60u);
    fixture_start(self);
    for (uint32_t i = 0u; i < EVENTS; ++i) {
      if (!spw_client_connected(&self->client)) {
        if (self->opened) {
          fixture_cut(self);
        }
        fixture_connect(self);
        if (test_below(&seed, 2u) == 0u) {
          fixture_ready(self);
        }
      }
      happen(self, &seed);
      while (self->opened && fixture_hear(self, &heard)) {
        /* whatever it says is well-formed: fixture_hear holds it to that */
      }
      if (self->event_count > (EVENTS_MOST - 100u)) {
        results += fixture_events(self, SPW_EVENT_RESULT);
        self->event_count = 0u;
      }
    }
    begun += self->trainer.begun;
    results += fixture_events(self, SPW_EVENT_RESULT);
    /* A server that behaves gets its result. */
    self->denies = false;
    self->trainer.fails = false;
    self->trainer.metrics = 0u;
    if (self->opened) {
      fixture_cut(self);
    }
    fixture_connect(self);
    fixture_ready(self);
    fixture_task(self, 77u, 0u);
    fixture_download(self);
    fixture_expect(self, speedwell_ToServer_result_tag, &heard);
    fixture_free(self);
  }
  assert_true(begun > (WORLDS / 2u)); /* the chaos reached the trainer, and results came of it */
  assert_true(results > (WORLDS / 4u));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_a_server_says_does_harm)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
