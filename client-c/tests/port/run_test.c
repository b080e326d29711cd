/* Waiting and the main loop. A wait that does not end is ended by the alarm, which fails the test. */
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "speedwell/posix.h"

enum { LONG_MS = 600000, ALARM_S = 20 };

static volatile sig_atomic_t stop;
static unsigned int events;

static void on_term(int number) {
  (void)number;
  stop = 1;
}

static void waits_for_bytes_only_as_wished(void **state) {
  spw_posix_tcp_t tcp;
  int pair[2];
  (void)state;
  assert_int_equal(spw_posix_tcp_init(&tcp, "localhost:1"), SPW_OK);
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  tcp.descriptor = pair[0];
  const uint32_t now = spw_posix_now_ms();
  const spw_wish_t cpu = {false, false, true, now + (uint32_t)LONG_MS};
  const spw_wish_t write_room = {false, true, false, now + (uint32_t)LONG_MS};
  const spw_wish_t bytes = {true, false, false, now + (uint32_t)LONG_MS};
  const spw_wish_t past = {true, false, false, now - 1u};
  const spw_wish_t soon = {true, false, false, now + 20u};
  spw_posix_wait(&tcp, &cpu); /* each of these comes back */
  spw_posix_wait(&tcp, &past);
  spw_posix_wait(&tcp, &write_room);
  spw_posix_wait(&tcp, &soon);
  assert_true((spw_posix_now_ms() - now) >= 19u); /* not before its time */
  assert_int_equal(send(pair[1], "x", 1u, 0), 1);
  spw_posix_wait(&tcp, &bytes);
  /* A hang-up wakes only who listens. */
  (void)close(pair[1]);
  spw_posix_wait(&tcp, &bytes);
  const spw_wish_t deaf = {false, false, false, spw_posix_now_ms() + 20u};
  const uint32_t before = spw_posix_now_ms();
  spw_posix_wait(&tcp, &deaf);
  assert_true((spw_posix_now_ms() - before) >= 19u);
  (void)close(pair[0]);
}

static bool begin(void *self, const spw_task_t *task) {
  (void)self;
  (void)task;
  return false;
}

static spw_step_t step(void *self, spw_hint_t hint) {
  (void)self;
  (void)hint;
  return SPW_STEP_FAILED;
}

static void finish(void *self, spw_cause_t cause, spw_result_t *result) {
  (void)self;
  (void)cause;
  (void)result;
}

/* The signal comes between the look at the flag and the sleep, where a plain loop would miss it. */
static void raise_when_lost(void *application, const spw_event_t *event) {
  (void)application;
  if (event->kind == SPW_EVENT_LOST) {
    events++;
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(stop, 0); /* held back until it sleeps */
  }
}

static void a_signal_ends_the_loop_whenever_it_comes(void **state) {
  static spw_client_t client;
  static spw_posix_tcp_t tcp;
  static uint8_t receive[SPW_FRAME_MIN];
  static uint8_t send_buffer[SPW_FRAME_MIN];
  static float value;
  const spw_tensor_t tensor = SPW_VECTOR("v", &value, 1u);
  const spw_trainer_t trainer = {
      .tensors = &tensor, .tensor_count = 1u, .begin = begin, .step = step, .finish = finish};
  spw_client_config_t config;
  struct sigaction action;
  sigset_t mask;
  (void)state;
  (void)memset(&config, 0, sizeof config);
  (void)memset(&action, 0, sizeof action);
  action.sa_handler = on_term;
  assert_int_equal(sigaction(SIGTERM, &action, NULL), 0);
  assert_int_equal(spw_posix_tcp_init(&tcp, "a..b:1"), SPW_OK); /* cannot be opened */
  config.size = (uint32_t)sizeof config;
  config.device_id = "d1";
  config.transport = &tcp.transport;
  config.trainer = &trainer;
  config.receive_buffer = receive;
  config.receive_size = (uint32_t)sizeof receive;
  config.send_buffer = send_buffer;
  config.send_size = (uint32_t)sizeof send_buffer;
  config.backoff_first_ms = (uint32_t)LONG_MS;
  config.backoff_most_ms = (uint32_t)LONG_MS;
  config.on_event = raise_when_lost;
  assert_int_equal(spw_client_init(&client, &config), SPW_OK);
  spw_posix_run(&client, &tcp, 0u, &stop);
  assert_int_equal(stop, 1);
  assert_int_equal(events, 1u);
  assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0); /* the mask is as before */
  assert_int_equal(sigismember(&mask, SIGTERM), 0);
}

static void seeds_differ(void **state) {
  (void)state;
  assert_true(spw_posix_seed() != spw_posix_seed());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(waits_for_bytes_only_as_wished),
      cmocka_unit_test(a_signal_ends_the_loop_whenever_it_comes),
      cmocka_unit_test(seeds_differ),
  };
  (void)alarm((unsigned int)ALARM_S);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
