/* Faults with codes, statistics, and checksums on request. */
#include "speedwell/watch.h"

#include <string.h>

#include "fixture.h"
#include "session.h"
#include "speedwell/check.h"

enum { FAULTS_MOST = 16 };

typedef struct {
  fixture_t *device;
  spw_transport_t transport; /* the fixture's */
  spw_watch_t watch;
  spw_fault_t faults[FAULTS_MOST];
  uint32_t reasons[FAULTS_MOST];
  uint32_t count;
} post_t;

static post_t post; /* one at a time */

static void on_fault(void *application, spw_fault_t fault, uint32_t reason) {
  post_t *self = application;
  assert_true(self->count < (uint32_t)FAULTS_MOST);
  self->faults[self->count] = fault;
  self->reasons[self->count] = reason;
  ++self->count;
}

static void heard(fixture_t *device, const spw_event_t *event) {
  (void)device;
  spw_watch_event(&post.watch, event);
}

static fixture_t *switch_on(void) {
  (void)memset(&post, 0, sizeof(post));
  fixture_t *device = fixture_new(SPW_FRAME_MIN);
  post.device = device;
  post.transport = device->transport;
  assert_int_equal(spw_watch_init(&post.watch, &post.transport, on_fault, &post), SPW_OK);
  device->config.transport = &post.watch.transport;
  device->hears_too = heard;
  fixture_start(device);
  return device;
}

static void expect_fault(spw_fault_t fault, uint32_t reason) {
  assert_int_equal(post.count, 1u);
  assert_int_equal(post.faults[0], fault);
  assert_int_equal(post.reasons[0], reason);
  post.count = 0u;
}

/* SPW-WCH-01 */
static void every_loss_has_its_code(void **state) {
  (void)state;
  fixture_t *device = switch_on();
  device->opens = -1;
  fixture_run(device);
  expect_fault(SPW_FAULT_OPEN, 0u);
  device->opens = 0; /* for ever */
  for (uint32_t ms = 0u; ms < 20000u; ms += 500u) {
    device->now += 500u;
    fixture_step(device);
  }
  expect_fault(SPW_FAULT_SILENT, 0u);
  device->opens = 1;
  device->broken = true;
  fixture_connect(device); /* opening mends it */
  assert_int_equal(post.count, 0u);
  fixture_cut(device);
  expect_fault(SPW_FAULT_RECEIVE, 0u);
  fixture_connect(device);
  device->broken = true;
  device->now += 60000u; /* a KeepAlive is due: it meets a broken stream */
  fixture_step(device);
  expect_fault(SPW_FAULT_SEND, 0u);
  fixture_connect(device);
  fixture_say_raw(device, "\x01\x00", 2u);
  fixture_run(device);
  expect_fault(SPW_FAULT_MALFORMED, 0u);
  fixture_connect(device);
  fixture_small(device, speedwell_ToDevice_bye_tag, 7u, 60000u); /* BYE_OVERLOADED */
  expect_fault(SPW_FAULT_BYE, 7u);
  fixture_connect(device);
  fixture_small(device, speedwell_ToDevice_welcome_tag, 1u, 1u); /* twice */
  fixture_run(device);
  expect_fault(SPW_FAULT_MALFORMED, 1u);
  fixture_connect(device);
  fixture_small(device, speedwell_ToDevice_grant_tag, 0u, 0u);
  device->room = 0u; /* its Bye does not leave */
  fixture_small(device, speedwell_ToDevice_welcome_tag, 1u, 1u);
  device->broken = true; /* and then the stream breaks: that is not why it is lost */
  fixture_run(device);
  expect_fault(SPW_FAULT_MALFORMED, 1u);
  device->room = UINT32_MAX;
  assert_int_equal(post.watch.counts.losses, 8u);
  assert_int_equal(post.watch.counts.malformed, 3u);
  assert_int_equal(post.watch.counts.connections, 6u);
  fixture_free(device);
}

/* SPW-WCH-01 */
static void a_port_that_lies_is_named(void **state) {
  (void)state;
  fixture_t *device = switch_on();
  fixture_connect(device);
  post.transport.receive = fixture_receive_too_much;
  fixture_step(device);
  expect_fault(SPW_FAULT_RECEIVE, 0u);
  post.transport.send = fixture_send_too_much;
  device->now = device->wish.wake_at_ms;
  fixture_step(device);
  fixture_step(device);
  expect_fault(SPW_FAULT_SEND, 0u);
  fixture_free(device);
}

/* SPW-WCH-01 */
static void refusals_and_cancels_are_told(void **state) {
  (void)state;
  speedwell_ToServer said;
  fixture_t *device = switch_on();
  fixture_connect(device);
  fixture_ready(device);
  device->denies = true;
  fixture_task(device, 1u, 0u);
  fixture_expect(device, speedwell_ToServer_refuse_tag, &said);
  expect_fault(SPW_FAULT_REFUSED, said.message.refuse.reason);
  device->denies = false;
  fixture_task(device, 2u, 0u);
  fixture_small(device, speedwell_ToDevice_cancel_tag, device->task_handle, 4u);
  expect_fault(SPW_FAULT_CANCELLED, 4u);
  spw_watch_report(&post.watch, SPW_FAULT_STORE, 2u);
  expect_fault(SPW_FAULT_STORE, 2u);
  assert_int_equal(post.watch.counts.refused, 1u);
  assert_int_equal(post.watch.counts.cancelled, 1u);
  post.watch.on_fault = NULL; /* nobody listens */
  spw_watch_report(&post.watch, SPW_FAULT_STORE, 2u);
  const spw_event_t later = {(spw_event_kind_t)99, 0u, {NULL, 0u}};
  spw_watch_event(&post.watch, &later);
  fixture_free(device);
}

/* A whole session, in pieces of any size: the counts are those of who stands on the other side. SPW-WCH-02 */
static void statistics_are_what_passed(void **state) {
  uint32_t resumed = 0u;
  (void)state;
  for (uint32_t i = 0u; i < 2u; ++i) {
    for (uint32_t piece = 0u; piece < 9u; ++piece) {
      const fault_t faults[2] = {{(i == 0u) ? FAULT_NONE : FAULT_LOST, 10u + (5u * piece), 1u}, {FAULT_NONE, 0u, 0u}};
      session_t *session = session_new(faults, piece);
      fixture_t *device = session->device;
      const spw_transport_t inner = device->transport;
      assert_int_equal(spw_watch_init(&post.watch, &inner, NULL, NULL), SPW_OK);
      device->config.transport = &post.watch.transport;
      device->hears_too = heard;
      session_conduct(session);
      const spw_counts_t *counts = &post.watch.counts;
      assert_int_equal(counts->bytes_sent, session->up_bytes);
      assert_int_equal(counts->bytes_received, session->down_bytes);
      assert_int_equal(counts->committed, 3u);
      if (i == 0u) {
        assert_int_equal(counts->frames_received, session->frames);
        assert_int_equal(counts->connections, 1u);
        assert_int_equal(counts->tasks, 3u);
        assert_int_equal(counts->results, 3u);
        assert_int_equal(counts->accepted, 3u);
        assert_int_equal(counts->losses, 0u);
      } else {
        assert_true(counts->losses >= 1u);
        resumed += counts->resumed;
      }
      device->config.transport = &inner;
      session_free(session);
    }
  }
  assert_true(resumed > 0u);
}

/* SPW-WCH-02 */
static void frames_of_any_length_are_counted(void **state) {
  (void)state;
  fixture_t *device = switch_on();
  fixture_connect(device);
  const uint32_t before = post.watch.counts.frames_sent;
  uint8_t frame[400];
  (void)memset(frame, 0x55, sizeof(frame));
  frame[0] = 0xACu; /* 300 */
  frame[1] = 0x02u;
  spw_transport_t *transport = &post.watch.transport;
  for (uint32_t at = 0u; at < 302u; at += 151u) {
    assert_int_equal(transport->send(transport->context, &frame[at], 151u), 151);
    assert_int_equal(post.watch.counts.frames_sent, before + (at / 151u));
  }
  (void)memset(frame, 0xFF, sizeof(frame)); /* no length at all */
  assert_int_equal(transport->send(transport->context, frame, 300u), 300);
  transport->close(transport->context); /* begins anew */
  device->opened = true;
  frame[0] = 0x01u;
  assert_int_equal(transport->send(transport->context, frame, 2u), 2);
  assert_int_equal(post.watch.counts.frames_sent, before + 2u);
  fixture_free(device);
}

/* SPW-WCH-01 */
static void what_is_missing_is_refused(void **state) {
  (void)state;
  fixture_t *device = switch_on();
  assert_int_equal(spw_watch_init(NULL, &post.transport, NULL, NULL), SPW_BAD_ARGUMENT);
  assert_int_equal(spw_watch_init(&post.watch, NULL, NULL, NULL), SPW_BAD_ARGUMENT);
  for (uint32_t i = 0u; i < 4u; ++i) {
    spw_transport_t transport = post.transport;
    transport.open = (i == 0u) ? NULL : transport.open;
    transport.close = (i == 1u) ? NULL : transport.close;
    transport.send = (i == 2u) ? NULL : transport.send;
    transport.receive = (i == 3u) ? NULL : transport.receive;
    assert_int_equal(spw_watch_init(&post.watch, &transport, NULL, NULL), SPW_BAD_ARGUMENT);
  }
  fixture_free(device);
}

/* Every bit of the client's state. SPW-WCH-03 */
static void damage_to_the_context_is_seen(void **state) {
  (void)state;
  fixture_t *device = switch_on();
  fixture_connect(device);
  const uint32_t seal = spw_check_context(&device->client);
  uint8_t *bytes = (uint8_t *)&device->client;
  for (uint32_t i = 0u; i < (8u * sizeof(device->client)); ++i) {
    bytes[i / 8u] ^= (uint8_t)(1u << (i % 8u));
    assert_true(spw_check_context(&device->client) != seal);
    bytes[i / 8u] ^= (uint8_t)(1u << (i % 8u));
  }
  assert_int_equal(spw_check_context(&device->client), seal);
  fixture_free(device);
}

static uint32_t crc_of_tensors(const fixture_t *device, uint32_t piece, uint32_t *calls) {
  spw_check_t check;
  *calls = 0u;
  spw_check_begin(&check, &device->trainer.trainer, piece);
  bool done = false;
  while (!done) {
    done = spw_check_go(&check);
    ++*calls;
    assert_true(*calls < 1000u);
  }
  assert_true(spw_check_go(&check)); /* changes nothing */
  return check.crc;
}

/* SPW-WCH-04 */
static void damage_to_the_parameters_is_seen(void **state) {
  (void)state;
  fixture_t *device = switch_on();
  fixture_trainer_t *trainer = &device->trainer;
  float *const data[4] = {trainer->weight, trainer->head, trainer->norm, trainer->bias};
  static const uint32_t counts[4] = {40u, 5u, 2u, 3u};
  uint32_t calls = 0u;
  const uint32_t crc = crc_of_tensors(device, 1000u, &calls);
  assert_int_equal(calls, 4u);
  static const uint32_t pieces[] = {1u, 7u, 64u};
  for (uint32_t i = 0u; i < 3u; ++i) {
    assert_int_equal(crc_of_tensors(device, pieces[i], &calls), crc);
    assert_true(calls >= (200u / pieces[i]));
  }
  uint8_t all[4 * 50];
  (void)memcpy(&all[0], trainer->weight, 160u);
  (void)memcpy(&all[160], trainer->head, 20u);
  (void)memcpy(&all[180], trainer->norm, 8u);
  (void)memcpy(&all[188], trainer->bias, 12u);
  uint32_t expected = 0xFFFFFFFFu; /* bit by bit, as the definition says */
  for (uint32_t i = 0u; i < sizeof(all); ++i) {
    expected ^= all[i];
    for (uint32_t bit = 0u; bit < 8u; ++bit) {
      expected = (expected >> 1) ^ (((expected & 1u) != 0u) ? 0x82F63B78u : 0u);
    }
  }
  assert_int_equal(crc, expected ^ 0xFFFFFFFFu);
  for (uint32_t tensor = 0u; tensor < 4u; ++tensor) {
    for (uint32_t i = 0u; i < counts[tensor]; ++i) {
      data[tensor][i] += 1.0f;
      assert_true(crc_of_tensors(device, 64u, &calls) != crc);
      data[tensor][i] -= 1.0f;
    }
  }
  fixture_free(device);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_loss_has_its_code),          cmocka_unit_test(a_port_that_lies_is_named),
      cmocka_unit_test(refusals_and_cancels_are_told),    cmocka_unit_test(statistics_are_what_passed),
      cmocka_unit_test(frames_of_any_length_are_counted), cmocka_unit_test(what_is_missing_is_refused),
      cmocka_unit_test(damage_to_the_context_is_seen),    cmocka_unit_test(damage_to_the_parameters_is_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
