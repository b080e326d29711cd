/*
 * Every fault at every place of a whole session (session.h): the device ends at rest after a bounded number of steps,
 * and each result the server counts is what it would have been. Faults that a stream or a clock may have cost no result
 * at all. A byte that was changed on its way, which a stream never does, may cost one; it never makes a wrong model or
 * a wrong update, for they have checksums (the numbers beside them have not).
 *
 *   faults_session          every call, byte, frame, step and answer, each fault once
 *   faults_session all      also every bit of every byte, and pairs of faults
 */
#include <stdio.h>
#include <string.h>

#include "session.h"

typedef struct {
  const char *name;
  uint32_t sessions;
  uint32_t harmed;
  uint32_t most_steps;
  uint32_t most_opened; /* streams of one session */
} sweep_t;

static bool everything;
static uint32_t sessions_run;
static uint32_t piece;   /* bytes the stream moves at once, 0: any number */
static session_t *plain; /* the session without faults */

static uint32_t greater(uint32_t a, uint32_t b) {
  return (a > b) ? a : b;
}

/* One session more; returns how often the device complained of the server. */
static uint32_t add(sweep_t *sweep, const fault_t faults[2]) {
  session_t *self = session_run(faults, piece);
  const uint32_t complaints = self->complaints;
  ++sweep->sessions;
  sweep->harmed += session_unharmed(self) ? 0u : 1u;
  sweep->most_steps = greater(self->steps, sweep->most_steps);
  sweep->most_opened = greater(self->device->opened_times, sweep->most_opened);
  session_free(self);
  return complaints;
}

static uint32_t one(sweep_t *sweep, fault_kind_t kind, uint32_t at, uint32_t detail) {
  const fault_t faults[2] = {{kind, at, detail}, {FAULT_NONE, 0u, 0u}};
  return add(sweep, faults);
}

static void told(const sweep_t *sweep) {
  sessions_run += sweep->sessions;
  (void)printf("%s: %u sessions, %u without all results, at most %u steps\n", sweep->name, (unsigned)sweep->sessions,
               (unsigned)sweep->harmed, (unsigned)sweep->most_steps);
  assert_true(sweep->sessions > 0u);
}

/* All results came, and over no more streams than that. */
static void harmless(const sweep_t *sweep, uint32_t most_opened) {
  told(sweep);
  assert_int_equal(sweep->harmed, 0u);
  assert_int_equal(sweep->most_opened, most_opened);
}

/* SPW-RES-06 */
static void without_faults_all_results_come(void **state) {
  (void)state;
  assert_true(session_unharmed(plain));
  assert_in_range(plain->calls, 40u, SESSION_CALLS);
  /* Asked when each task is offered, before it begins, and before every slice. */
  assert_int_equal(plain->asked, (2u * (uint32_t)SESSION_TASKS) + plain->trained);
}

/* SPW-RES-06 */
static void calls_that_fall_short(void **state) {
  sweep_t sweep = {"short", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->calls; ++at) {
    for (int32_t bytes = 1; bytes < plain->log[at].moved; ++bytes) {
      (void)one(&sweep, FAULT_SHORT, at, (uint32_t)bytes);
    }
  }
  harmless(&sweep, 1u);
}

/* SPW-RES-06 */
static void calls_that_come_too_early(void **state) {
  sweep_t sweep = {"again", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->calls; ++at) {
    (void)one(&sweep, FAULT_AGAIN, at, 0u);
  }
  harmless(&sweep, 1u);
}

/* SPW-RES-06 */
static void calls_that_lose_the_stream(void **state) {
  sweep_t sweep = {"lost", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->calls; ++at) {
    for (uint32_t closed = 0u; closed < 4u; ++closed) { /* back at once, or only at a later try */
      (void)one(&sweep, FAULT_LOST, at, closed);
    }
  }
  harmless(&sweep, 2u);
}

/* SPW-RES-06 */
static void streams_that_stand_still(void **state) {
  sweep_t sweep = {"stuck", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->calls; ++at) {
    (void)one(&sweep, FAULT_STUCK, at, 0u);
  }
  harmless(&sweep, 2u);
}

/* SPW-INT-04 */
static void calls_that_count_too_much(void **state) {
  sweep_t sweep = {"excess", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->calls; ++at) {
    if (plain->log[at].what != 'o') {
      (void)one(&sweep, FAULT_EXCESS, at, 0u);
    }
  }
  harmless(&sweep, 2u);
}

static void spoil_each(sweep_t *sweep, fault_kind_t kind, uint32_t bytes) {
  for (uint32_t at = 0u; at < bytes; ++at) {
    if (everything) {
      for (uint32_t mask = 1u; mask < 256u; mask *= 2u) {
        (void)one(sweep, kind, at, mask);
      }
      (void)one(sweep, kind, at, 0xFFu);
    } else {
      (void)one(sweep, kind, at, 1u << (at % 8u));
    }
  }
}

/* SPW-BLB-04 */
static void bytes_that_change_on_their_way_down(void **state) {
  sweep_t sweep = {"byte down", 0u, 0u, 0u, 0u};
  (void)state;
  spoil_each(&sweep, FAULT_DOWN_BYTE, plain->down_bytes);
  told(&sweep);
  assert_true(sweep.harmed < (sweep.sessions / 4u)); /* most are noticed, and made good */
}

/* SPW-BLB-04 */
static void bytes_that_change_on_their_way_up(void **state) {
  sweep_t sweep = {"byte up", 0u, 0u, 0u, 0u};
  (void)state;
  spoil_each(&sweep, FAULT_UP_BYTE, plain->up_bytes);
  told(&sweep);
  assert_true(sweep.harmed < (sweep.sessions / 4u));
}

/* SPW-TIM-06 */
static void frames_that_the_server_loses(void **state) {
  sweep_t sweep = {"frame lost", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->frames; ++at) {
    (void)one(&sweep, FAULT_FRAME_LOST, at, 0u);
  }
  harmless(&sweep, 2u);
}

static bool is_chunk(uint32_t frame) {
  return plain->said[frame] == speedwell_ToDevice_chunk_tag;
}

/* Said twice, a Welcome and a Chunk are out of place. Of an offer the server answers both Grants: a Chunk too many. */
/* SPW-TIM-06 */
static void frames_that_the_server_says_twice(void **state) {
  sweep_t sweep = {"frame twice", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->frames; ++at) {
    const pb_size_t said = plain->said[at];
    const uint32_t complaints = one(&sweep, FAULT_FRAME_TWICE, at, 0u);
    if ((said != speedwell_ToDevice_run_offer_tag) && (said != speedwell_ToDevice_task_tag)) {
      assert_int_equal(complaints, (is_chunk(at) || (said == speedwell_ToDevice_welcome_tag)) ? 1u : 0u);
    }
  }
  harmless(&sweep, 2u);
}

/* SPW-RES-02 */
static void offsets_that_move_back(void **state) {
  static const uint32_t bytes[] = {1u, 7u, UINT32_MAX}; /* the last: to the first byte */
  sweep_t sweep = {"offset back", 0u, 0u, 0u, 0u};
  uint32_t complaints = 0u;
  (void)state;
  for (uint32_t at = 0u; at < plain->frames; ++at) {
    for (uint32_t i = 0u; i < 3u; ++i) {
      const uint32_t complained = one(&sweep, FAULT_OFFSET_BACK, at, bytes[i]);
      assert_true((complained == 0u) || is_chunk(at));
      complaints += complained;
    }
  }
  assert_int_equal(complaints, 3u * 3u * 3u); /* of all chunks but the first of each of the three models */
  harmless(&sweep, 2u);
}

/* SPW-TIM-04 */
static void clocks_that_jump(void **state) {
  static const uint32_t jumps[] = {1000u, 10000u, 61000u, 3600000u, 0x7FFFFF00u};
  sweep_t sweep = {"clock jump", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->steps; ++at) {
    for (uint32_t i = 0u; i < (sizeof(jumps) / sizeof(jumps[0])); ++i) {
      (void)one(&sweep, FAULT_CLOCK, at, jumps[i]);
    }
  }
  harmless(&sweep, 2u);
}

/* SPW-TIM-03 */
static void clocks_that_wrap(void **state) {
  sweep_t sweep = {"clock wraps", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t ms = 0u; ms <= (plain->device->now + 10u); ++ms) {
    (void)one(&sweep, FAULT_CLOCK_WRAPS, ms, 0u);
  }
  harmless(&sweep, 1u);
}

/* SPW-TSK-05 */
static void callbacks_that_say_no(void **state) {
  sweep_t sweep = {"denied, refused, failed", 0u, 0u, 0u, 0u};
  (void)state;
  for (uint32_t at = 0u; at < plain->asked; ++at) {
    (void)one(&sweep, FAULT_DENIED, at, 0u);
  }
  for (uint32_t at = 0u; at < plain->begun; ++at) {
    (void)one(&sweep, FAULT_BEGIN_REFUSED, at, 0u);
  }
  for (uint32_t at = 0u; at < plain->trained; ++at) {
    (void)one(&sweep, FAULT_STEP_FAILED, at, 0u);
  }
  told(&sweep);
  assert_int_equal(sweep.harmed, sweep.sessions); /* each costs its own task */
}

/* One fault after, before or within the other. */
static fault_t some_fault(uint64_t *seed) {
  static const uint32_t details[] = {0u, 1u, 2u, 5u, 50u, 180u, 1000u, 61000u, 0x7FFFFF00u};
  fault_t fault;
  fault.kind = (fault_kind_t)(1u + test_below(seed, (uint32_t)FAULT_KINDS - 1u));
  fault.detail = details[test_below(seed, 9u)];
  switch (fault.kind) {
    case FAULT_DOWN_BYTE:
      fault.at = test_below(seed, 2u * plain->down_bytes);
      fault.detail = 1u << test_below(seed, 8u);
      break;
    case FAULT_UP_BYTE:
      fault.at = test_below(seed, 2u * plain->up_bytes);
      fault.detail = 1u << test_below(seed, 8u);
      break;
    case FAULT_LOST:
      fault.at = test_below(seed, 2u * plain->calls);
      fault.detail = test_below(seed, 4u);
      break;
    case FAULT_CLOCK:
    case FAULT_CLOCK_WRAPS:
      fault.at = test_below(seed, 2u * plain->steps);
      break;
    default:
      fault.at = test_below(seed, 2u * plain->calls);
      break;
  }
  return fault;
}

/* SPW-TIM-06 */
static void two_faults_in_one_session(void **state) {
  enum { FEW = 1000, MANY = 100000 };
  sweep_t sweep = {"pairs", 0u, 0u, 0u, 0u};
  uint64_t seed = 5u;
  (void)state;
  for (uint32_t i = 0u; i < (uint32_t)(everything ? MANY : FEW); ++i) {
    const fault_t first = some_fault(&seed);
    const fault_t faults[2] = {first, some_fault(&seed)};
    (void)add(&sweep, faults);
  }
  told(&sweep);
}

int main(int count, char **words) {
  static const uint32_t pieces[3] = {0u, 48u, 5u};
  const fault_t none[2] = {{FAULT_NONE, 0u, 0u}, {FAULT_NONE, 0u, 0u}};
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_faults_all_results_come),
      cmocka_unit_test(calls_that_fall_short),
      cmocka_unit_test(calls_that_come_too_early),
      cmocka_unit_test(calls_that_lose_the_stream),
      cmocka_unit_test(streams_that_stand_still),
      cmocka_unit_test(calls_that_count_too_much),
      cmocka_unit_test(bytes_that_change_on_their_way_down),
      cmocka_unit_test(bytes_that_change_on_their_way_up),
      cmocka_unit_test(frames_that_the_server_loses),
      cmocka_unit_test(frames_that_the_server_says_twice),
      cmocka_unit_test(offsets_that_move_back),
      cmocka_unit_test(clocks_that_jump),
      cmocka_unit_test(clocks_that_wrap),
      cmocka_unit_test(callbacks_that_say_no),
      cmocka_unit_test(two_faults_in_one_session),
  };
  everything = (count > 1) && (strcmp(words[1], "all") == 0);
  int failed = 0;
  for (uint32_t i = 0u; i < (everything ? 3u : 2u); ++i) {
    piece = pieces[i];
    plain = session_run(none, piece);
    failed += cmocka_run_group_tests(tests, NULL, NULL);
    session_free(plain);
  }
  (void)printf("figure: %u sessions with their faults, %d groups of them harmed\n", (unsigned)sessions_run, failed);
  return failed;
}
