/*
 * The device's state tables (PROTOCOL.md, section 10): every message in every state. The names of states and messages
 * are held against the document by states.awk.
 */
#include <stdio.h>
#include <string.h>

#include "client_internal.h"
#include "fixture.h"

enum { MESSAGES = 21, STEPS = 12, LONG = 1000000, HANDLE = 700 };

/* The columns of the table. */
static const char *const messages[MESSAGES] = {
    "Welcome",
    "RunOffer",
    "RunOffer of another run",
    "Task",
    "Task, another one",
    "Task of another run",
    "Grant",
    "Chunk",
    "Chunk, the last",
    "Chunk out of place",
    "WrapUp",
    "KeepAlive{false}",
    "KeepAlive{true}",
    "Reject",
    "Bye",
    "Cancel of the task",
    "Cancel of the run",
    "Accepted",
    "Committed",
    "unknown message",
    "malformed bytes",
};

enum {
  WELCOME,
  OFFER,
  OFFER_OTHER,
  TASK,
  TASK_OTHER,
  TASK_OTHER_RUN,
  GRANT,
  CHUNK,
  CHUNK_LAST,
  CHUNK_AWAY,
  WRAP_UP,
  ASKS,
  ANSWERS,
  REJECT,
  BYE,
  CANCEL_TASK,
  CANCEL_RUN,
  ACCEPTED,
  COMMITTED,
  UNKNOWN,
  MALFORMED
};

typedef struct {
  char letter;
  const char *connection;
  const char *run;
  const char *task;
  /* Two characters for each message: the answer (B Bye, C Chunk, G Grant, J Reject, K KeepAlive, N Refuse, U Result,
   * Y RunReady, - none) and the next state. */
  const char *cells;
} row_t;

/* clang-format off */
static const row_t rows[] = {
    /*                                        We RO ro Ta ta tr Gr Ch cl ca Wr K? K! Re By Ct Cr Ac Co un ma */
    {'w', "waiting", "none", "idle",         "-w -w -w -w -w -w -w -w -w -w -w -w -w -w -w -w -w -w -w -w -w"},
    {'p', "opening", "none", "idle",         "-p -p -p -p -p -p -p -p -p -p -p -p -p -p -p -p -p -p -p -p -p"},
    {'h', "hello-sent", "none", "idle",      "-o Bw Bw Bw Bw Bw Bw Bw Bw Bw Bw Bw Bw -h -w Bw Bw Bw Bw -h -w"},
    {'o', "open", "none", "idle",            "Bw GF GF No No No -o -o -o -o -o Ko -o -o -w -o -o -o -o Jo -w"},
    {'q', "open, asked", "none", "idle",     "Bw GF GF No No No -o -o -o -o -o Ko -o -o -w -o -o -o -o Jo -w"},
    {'c', "closing", "none", "idle",         "-c -c -c -c -c -c -c -c -c -c -c -c -c -c -c -c -c -c -c -c -c"},
    {'F', "open", "fetching", "idle",        "Bw GF GF NF NF NF -F -F YD Bw -F KF -F -F -w -F -o -F -F JF -w"},
    {'D', "open", "ready", "idle",           "Bw YD GF Gd Gd ND -D Bw Bw Bw -D KD -D -D -w -D -o -D -D JD -w"},
    {'d', "open", "ready", "fetching",       "Bw Yd GF Gd Gd Nd Bw -d -t Bw ND Kd -d -d -w -D -o -d -d Jd -w"},
    {'t', "open", "ready", "training",       "Bw Yt GF -t Gd Nt Bw Bw Bw Bw Uf Kt -t -t -w -D -o -t -t Jt -w"},
    {'f', "open", "ready", "offered",        "Bw Yf GF Uf Gd Nf Cu Bw Bw Bw -f Kf -f -f -w -D -o -a -f Jf -w"},
    {'u', "open", "ready", "uploading",      "Bw Yu GF Uf Gd Nu Cu Bw Bw Bw -u Ku -u -u -w -D -o -a -u Ju -w"},
    {'a', "open", "ready", "accepted",       "Bw Ya GF Uf Gd Na Bw Bw Bw Bw -a Ka -a -a -w -D -o -a -D Ja -w"},
};
/* clang-format on */

static char letter_of_task(const spw_client_t *client) {
  char letter = (client->run.handle == 0u) ? 'o' : (client->run.ready ? 'D' : 'F');
  switch (client->task.phase) {
    case SPW_PHASE_FETCHING:
      letter = 'd';
      break;
    case SPW_PHASE_PREPARING:
    case SPW_PHASE_TRAINING:
      letter = 't';
      break;
    case SPW_PHASE_FINISHED:
      letter = 'f';
      break;
    case SPW_PHASE_UPLOADING:
      letter = client->task.granted ? 'u' : 'f';
      break;
    case SPW_PHASE_ACCEPTED:
      letter = 'a';
      break;
    default: /* none, or between two states */
      break;
  }
  return letter;
}

static char letter_of(const spw_client_t *client) {
  static const char sessions[] = {'w', 'p', 'h', 'o', 'c'};
  char letter = sessions[client->session];
  if (letter == 'o') {
    letter = client->asked ? 'q' : letter_of_task(client);
  }
  return letter;
}

static void say_welcome(fixture_t *self) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_welcome_tag;
  said.message.welcome.version = 1u;
  said.message.welcome.token = 1u;
  said.message.welcome.keep_alive_ms = 60000u;
  said.message.welcome.frame_limit = SPW_FRAME_MIN;
  fixture_say(self, &said);
}

static void say_chunk(fixture_t *self, uint32_t offset, uint32_t size) {
  speedwell_ToDevice said = {0};
  const bool of_run = (self->task_handle == 0u);
  said.which_message = speedwell_ToDevice_chunk_tag;
  said.message.chunk.handle = of_run ? ((self->run_handle == 0u) ? HANDLE : self->run_handle) : self->task_handle;
  said.message.chunk.blob = of_run ? 1u : 0u;
  said.message.chunk.offset = offset;
  said.message.chunk.data.bytes = of_run ? self->run_config : self->parameters;
  said.message.chunk.data.size = size;
  fixture_say(self, &said);
}

static void hear(fixture_t *self, pb_size_t which) {
  speedwell_ToServer heard;
  for (uint32_t i = 0u; (i < (uint32_t)STEPS) && (self->up.at == self->up.size); ++i) {
    fixture_step(self);
  }
  assert_true(fixture_hear(self, &heard));
  assert_int_equal(heard.which_message, which);
}

/* Steps of the states, each from the one before. */
static void reach_open(fixture_t *self) {
  hear(self, speedwell_ToServer_hello_tag);
  say_welcome(self);
  fixture_step(self);
}

static void reach_task(fixture_t *self, char letter) {
  fixture_ready(self);
  if (letter == 'D') {
    return;
  }
  self->trainer.steps_wanted = ((letter == 'd') || (letter == 't')) ? (uint32_t)LONG : 5u;
  self->trainer.ends_at_hint = true;
  fixture_task(self, 1u, 0u);
  hear(self, speedwell_ToServer_grant_tag);
  if (letter == 'd') {
    return;
  }
  say_chunk(self, 0u, sizeof(self->parameters));
  if (letter == 't') {
    fixture_step(self);
    fixture_step(self);
    return;
  }
  hear(self, speedwell_ToServer_result_tag);
  if (letter != 'f') {
    fixture_grant(self, 0u, 0u, 20u);
    hear(self, speedwell_ToServer_chunk_tag);
  }
  if (letter == 'a') {
    fixture_small(self, speedwell_ToDevice_accepted_tag, self->task_handle, 1u);
  }
}

static fixture_t *device_in(char letter) {
  fixture_t *self = fixture_new(SPW_FRAME_MIN);
  self->opens = (letter == 'p') ? 0 : ((letter == 'w') ? -1 : 1);
  fixture_start(self);
  fixture_step(self);
  if (letter == 'h') {
    hear(self, speedwell_ToServer_hello_tag);
  } else if ((letter != 'w') && (letter != 'p')) {
    reach_open(self);
  } else {
    /* no stream */
  }
  if (letter == 'q') {
    self->now += 60000u;
    hear(self, speedwell_ToServer_keep_alive_tag);
  } else if (letter == 'c') {
    self->room = 0u; /* its Bye does not leave */
    say_welcome(self);
    fixture_step(self);
  } else if (letter == 'F') {
    fixture_offer(self, 7u, 0u);
    hear(self, speedwell_ToServer_grant_tag);
  } else if (strchr("Ddtfua", letter) != NULL) {
    reach_task(self, letter);
  } else {
    /* it is there */
  }
  assert_int_equal(letter_of(&self->client), letter);
  return self;
}

static void say_offer(fixture_t *self, bool other) {
  self->run_config[7] = other ? 0x40u : self->run_config[7]; /* with a configuration that is not held */
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_run_offer_tag;
  said.message.run_offer.handle = HANDLE;
  said.message.run_offer.run_id = other ? 8u : 7u;
  said.message.run_offer.parameter_count = DOWN_ELEMENTS;
  blobs_t *blobs = &self->blobs;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = blobs->length_count = blobs->crc_count = 2u;
  blobs->role[0] = 1u;
  blobs->role[1] = 2u;
  blobs->length[0] = self->layout_size;
  blobs->length[1] = self->run_config_size;
  blobs->crc[0] = fixture_crc(0u, 1u, 0u, 0u, 0u, self->layout, self->layout_size);
  blobs->crc[1] = fixture_crc(0u, 2u, 0u, 0u, 0u, self->run_config, self->run_config_size);
  fixture_say(self, &said);
}

static void say_task(fixture_t *self, uint32_t round, uint32_t run) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_task_tag;
  said.message.task.handle = HANDLE;
  said.message.task.run = run;
  said.message.task.round = round;
  said.message.task.task = 10u + round;
  said.message.task.attempt = 1u;
  said.message.task.kind = 1u;
  blobs_t *blobs = &self->blobs;
  (void)memset(blobs, 0, sizeof(*blobs));
  blobs->role_count = blobs->length_count = blobs->crc_count = 1u;
  blobs->role[0] = 16u;
  blobs->length[0] = sizeof(self->parameters);
  blobs->crc[0] = fixture_crc(7u, 16u, 0u, round, 0u, self->parameters, sizeof(self->parameters));
  fixture_say(self, &said);
}

static void say_small(fixture_t *self, pb_size_t which, uint32_t first, uint32_t second) {
  speedwell_ToDevice said = {0};
  said.which_message = which;
  said.message.wrap_up.handle = first; /* all are of this shape */
  said.message.wrap_up.within_ms = second;
  fixture_say(self, &said);
}

static void say_keep_alive(fixture_t *self, bool reply) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_keep_alive_tag;
  said.message.keep_alive.reply = reply;
  fixture_say(self, &said);
}

static void say_grant(fixture_t *self, uint32_t handle) {
  speedwell_ToDevice said = {0};
  said.which_message = speedwell_ToDevice_grant_tag;
  said.message.grant.handle = handle;
  said.message.grant.length = 40u;
  fixture_say(self, &said);
}

/* The last chunk is all of the blob: none came before. */
static uint32_t whole(const fixture_t *self) {
  return (self->task_handle == 0u) ? self->run_config_size : (uint32_t)sizeof(self->parameters);
}

static void say(fixture_t *self, uint32_t message) {
  static const uint8_t newer[] = {0x03u, 0x6Au, 0x01u, 0xFFu};
  const uint32_t task = (self->task_handle == 0u) ? (uint32_t)HANDLE : self->task_handle;
  const uint32_t run = (self->run_handle == 0u) ? (uint32_t)HANDLE : self->run_handle;
  switch (message) {
    case WELCOME:
      say_welcome(self);
      break;
    case OFFER:
    case OFFER_OTHER:
      say_offer(self, message == (uint32_t)OFFER_OTHER);
      break;
    case TASK:
    case TASK_OTHER:
      say_task(self, (message == (uint32_t)TASK) ? 1u : 2u, run);
      break;
    case TASK_OTHER_RUN:
      say_task(self, 1u, HANDLE + 1u);
      break;
    case GRANT:
      say_grant(self, task);
      break;
    case CHUNK:
      say_chunk(self, 0u, 4u);
      break;
    case CHUNK_LAST:
      say_chunk(self, 0u, whole(self));
      break;
    case CHUNK_AWAY:
      say_chunk(self, 1u, 4u);
      break;
    case WRAP_UP:
      say_small(self, speedwell_ToDevice_wrap_up_tag, task, 60000u);
      break;
    case ASKS:
    case ANSWERS:
      say_keep_alive(self, message == (uint32_t)ANSWERS);
      break;
    case REJECT:
      say_small(self, speedwell_ToDevice_reject_tag, 4u, 1u);
      break;
    case BYE:
      say_small(self, speedwell_ToDevice_bye_tag, 1u, 0u);
      break;
    case CANCEL_TASK:
    case CANCEL_RUN:
      say_small(self, speedwell_ToDevice_cancel_tag, (message == (uint32_t)CANCEL_TASK) ? task : run, 1u);
      break;
    case ACCEPTED:
      say_small(self, speedwell_ToDevice_accepted_tag, task, 1u);
      break;
    case COMMITTED:
      say_small(self, speedwell_ToDevice_committed_tag, task, 1u);
      break;
    case UNKNOWN:
      fixture_say_raw(self, newer, sizeof(newer));
      break;
    default:
      fixture_say_raw(self, "\0", 1u);
      break;
  }
}

static char answer_of(fixture_t *self) {
  /* by outer number: Hello, RunReady, Refuse, Grant, Chunk, Result, KeepAlive, Reject, Bye */
  static const char answers[] = {'-', 'H', 'Y', 'N', 'G', 'C', 'U', 'K', 'J', 'B'};
  speedwell_ToServer heard;
  char answer = '-';
  if (self->up.at < self->up.size) {
    assert_true(fixture_hear(self, &heard));
    answer = answers[heard.which_message];
    assert_int_equal(self->up.at, self->up.size); /* one answer */
    assert_false((answer == 'K') && (!heard.message.keep_alive.reply));
  }
  return answer;
}

/* SPW-SES-09, SPW-UPL-07 */
static void every_message_in_every_state(void **state) {
  (void)state;
  for (uint32_t i = 0u; i < (sizeof(rows) / sizeof(rows[0])); ++i) {
    const row_t *row = &rows[i];
    assert_int_equal(strlen(row->cells), (3u * (uint32_t)MESSAGES) - 1u);
    for (uint32_t message = 0u; message < (uint32_t)MESSAGES; ++message) {
      fixture_t *self = device_in(row->letter);
      const uint8_t phase = self->client.task.phase;
      const char *cell = &row->cells[3u * message];
      say(self, message);
      for (uint32_t k = 0u; k < (uint32_t)STEPS; ++k) {
        fixture_step(self);
      }
      const char answer = answer_of(self);
      const char next = letter_of(&self->client);
      if ((answer != cell[0]) || (next != cell[1])) {
        fail_msg("%s / %s / %s, %s: expected %c%c, got %c%c", row->connection, row->run, row->task, messages[message],
                 cell[0], cell[1], answer, next);
      }
      if (next == 'w') { /* the task outlives the connection */
        assert_int_equal(self->client.task.phase != (uint8_t)SPW_PHASE_NONE, phase != (uint8_t)SPW_PHASE_NONE);
      }
      fixture_free(self);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_message_in_every_state)};
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  (void)printf("figure: %u messages in each of %u states, %s\n", (unsigned)MESSAGES,
               (unsigned)(sizeof(rows) / sizeof(rows[0])),
               (failed == 0) ? "each answered as the tables say" : "not all right");
  return failed;
}
