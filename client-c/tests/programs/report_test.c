/* What a device says: in words, and each outage once. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static FILE *caught; /* stands in for stderr */

static spw_posix_tcp_t tcp;
static report_t report;

static int start(void **state) {
  (void)state;
  (void)memset(&tcp, 0, sizeof tcp);
  report_init(&report, "d1", "host:7", &tcp, false);
  return 0;
}

static void happens(spw_event_kind_t kind, uint32_t number, const char *detail) {
  const spw_event_t event = {kind, number, {(const uint8_t *)detail, (uint32_t)strlen(detail)}};
  report_event(&report, &event);
}

/* What was said since the last look is exactly this. */
static void said(const char *expected) {
  char text[1024];
  (void)fflush(stderr);
  rewind(caught);
  const size_t size = fread(text, 1u, sizeof text - 1u, caught);
  text[size] = '\0';
  rewind(caught);
  assert_int_equal(ftruncate(fileno(caught), 0), 0);
  assert_int_equal(lseek(STDERR_FILENO, 0, SEEK_SET), 0);
  assert_string_equal(text, expected);
}

static void an_outage_is_said_once(void **state) {
  (void)state;
  tcp.system_error = ECONNREFUSED;
  happens(SPW_EVENT_LOST, 500u, "");
  said("d1: cannot reach host:7: Connection refused; trying again\n");
  happens(SPW_EVENT_LOST, 1000u, "");
  said("");
  happens(SPW_EVENT_CONNECTED, 0u, "");
  said("d1: connected to host:7\n");
  tcp.system_error = ECONNRESET;
  happens(SPW_EVENT_LOST, 500u, "");
  said("d1: lost host:7: the connection was closed; trying again\n");
  tcp.system_error = 0;
  happens(SPW_EVENT_LOST, 500u, "");
  said("d1: cannot reach host:7: it does not answer; trying again\n");
  happens(SPW_EVENT_LOST, 500u, "");
  said("");
}

static void a_server_that_sends_it_away_is_said_once_and_in_words(void **state) {
  (void)state;
  for (int tries = 0; tries < 3; tries++) {
    happens(SPW_EVENT_BYE, 2u, "2..3");
    happens(SPW_EVENT_LOST, 500u, "");
    said((tries == 0) ? "d1: sent away by host:7: it speaks other protocol versions; update the device or the server "
                        "(2..3); trying again\n"
                      : "");
  }
  happens(SPW_EVENT_BYE, 3u, "");
  said(
      "d1: sent away by host:7: another device with this id is connected; give each device its own --id; trying "
      "again\n");
  happens(SPW_EVENT_LOST, 500u, "");
  happens(SPW_EVENT_BYE, 99u, "");
  said("d1: sent away by host:7: for a reason this version does not know; trying again\n");
}

static void what_comes_after_an_outage_of_another_kind_is_said(void **state) {
  (void)state;
  tcp.system_error = ECONNREFUSED;
  happens(SPW_EVENT_LOST, 500u, "");
  happens(SPW_EVENT_BYE, 7u, "");
  said(
      "d1: cannot reach host:7: Connection refused; trying again\n"
      "d1: sent away by host:7: it is overloaded; trying again\n");
}

static void a_refusal_names_the_tensor_and_nothing_unprintable(void **state) {
  (void)state;
  happens(SPW_EVENT_REFUSED, 6u, "dense2.bias\n\x1b[1m");
  said("d1: refused a task: its model differs from the run's; first tensor that differs (dense2.bias??[1m)\n");
}

static void a_long_detail_is_cut(void **state) {
  char detail[200];
  char expected[300];
  (void)state;
  (void)memset(detail, 'x', sizeof detail);
  detail[sizeof detail - 1u] = '\0';
  happens(SPW_EVENT_REFUSED, 9u, detail);
  (void)snprintf(expected, sizeof expected, "d1: refused a task: not now (%.68s)\n", detail);
  said(expected);
}

static void quiet_says_only_what_needs_attention(void **state) {
  (void)state;
  report.quiet = true;
  happens(SPW_EVENT_CONNECTED, 0u, "");
  happens(SPW_EVENT_TASK, 1u, "");
  happens(SPW_EVENT_RESULT, 1u, "");
  happens(SPW_EVENT_ACCEPTED, 1u, "");
  happens(SPW_EVENT_COMMITTED, 1u, "");
  said("");
  happens(SPW_EVENT_REFUSED, 1u, "");
  said("d1: refused a task: it does not do this kind of task\n");
}

static void a_round_is_told(void **state) {
  (void)state;
  happens(SPW_EVENT_TASK, 3u, "");
  happens(SPW_EVENT_RESULT, 3u, "");
  happens(SPW_EVENT_ACCEPTED, 3u, "");
  happens(SPW_EVENT_COMMITTED, 3u, "");
  happens(SPW_EVENT_RESUMED, 512u, "");
  happens(SPW_EVENT_CANCELLED, 1u, "");
  said(
      "d1: round 3: task received\nd1: round 3: done, sending the result\nd1: round 3: result accepted\n"
      "d1: round 3: committed\nd1: transfer goes on at byte 512\nd1: task cancelled: the round is over\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(an_outage_is_said_once, start),
      cmocka_unit_test_setup(a_server_that_sends_it_away_is_said_once_and_in_words, start),
      cmocka_unit_test_setup(what_comes_after_an_outage_of_another_kind_is_said, start),
      cmocka_unit_test_setup(a_refusal_names_the_tensor_and_nothing_unprintable, start),
      cmocka_unit_test_setup(a_long_detail_is_cut, start),
      cmocka_unit_test_setup(quiet_says_only_what_needs_attention, start),
      cmocka_unit_test_setup(a_round_is_told, start),
  };
  caught = tmpfile();
  const int before = dup(STDERR_FILENO);
  if ((caught == NULL) || (before < 0) || (dup2(fileno(caught), STDERR_FILENO) < 0)) {
    return 1;
  }
  cmocka_set_message_output(CM_OUTPUT_SUBUNIT); /* to stdout */
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  (void)dup2(before, STDERR_FILENO);
  return failed;
}
