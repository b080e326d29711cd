#include "report.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The words for a number of the protocol; index is the number. */
static const char *word(const char *const *words, size_t count, uint32_t number) {
  return (number < count) ? words[number] : "for a reason this version does not know";
}

#define WORD(words, number) word((words), sizeof(words) / sizeof((words)[0]), (number))

static const char *const BYE[] = {"without a reason",
                                  "it shuts down",
                                  "it speaks other protocol versions; update the device or the server",
                                  "another device with this id is connected; give each device its own --id",
                                  "it could not read what this device sent",
                                  "this device sent a message out of turn",
                                  "this device was silent for too long",
                                  "it is overloaded",
                                  "this device's self-test failed",
                                  "this device came back on another connection"};

static const char *const REFUSE[] = {"without a reason",
                                     "it does not do this kind of task",
                                     "it cannot take a vector the task needs",
                                     "it does not know the run's encoding",
                                     "it lacks a feature the run requires",
                                     "its arithmetic is of another numerics class than the run requires",
                                     "its model differs from the run's; first tensor that differs",
                                     "too large for its buffers",
                                     "what arrived does not match its checksum",
                                     "not now",
                                     "its trainer does not take the task or its configuration, or failed"};

static const char *const CANCEL[] = {"without a reason",
                                     "the round is over",
                                     "it is not needed",
                                     "a blob of the result has a wrong length",
                                     "the result does not match its checksum",
                                     "the result holds a number that is not finite",
                                     "the result holds a value beyond what the run allows",
                                     "the result lacks a blob or has an unexpected one",
                                     "the number of examples is 0 or more than the run allows"};

__attribute__((format(printf, 2, 3))) static void say(const report_t *report, const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  (void)fprintf(stderr, "%s: %s\n", report->id, text);
}

/* Text of the peer: printable ASCII only, in parentheses; empty if there is none. */
static const char *quoted(const spw_view_t *detail, char *text, size_t size) {
  size_t length = 0u;
  text[0] = '\0';
  if (detail->size > 0u) {
    length = (size_t)snprintf(text, size, " (");
    for (uint32_t i = 0u; (i < detail->size) && (length < (size - 2u)); i++) {
      const uint8_t byte = detail->bytes[i];
      text[length] = ((byte >= 0x20u) && (byte <= 0x7Eu)) ? (char)byte : '?';
      length++;
    }
    (void)snprintf(&text[length], size - length, ")");
  }
  return text;
}

/* Why there is no connection; the device tries on, and the same is not said again until it is connected. */
static void outage(report_t *report, const spw_event_t *event, const char *what, const char *why, const char *detail) {
  const uint64_t number = (event->kind == SPW_EVENT_BYE) ? event->number : 0u;
  const uint64_t key = ((uint64_t)event->kind << 32u) | number;
  if (report->said != key) {
    say(report, "%s %s: %s%s; trying again", what, report->server, why, detail);
  }
  report->said = key;
}

static void lost(report_t *report, const spw_event_t *event) {
  const char *why = spw_posix_tcp_error(report->tcp);
  if (report->explained) {
    report->explained = false;
  } else if (report->connected) {
    say(report, "lost %s: %s; trying again", report->server, (*why != '\0') ? why : "it does not answer");
  } else {
    outage(report, event, "cannot reach", (*why != '\0') ? why : "it does not answer", "");
  }
  report->connected = false;
}

static bool needs_attention(report_t *report, const spw_event_t *event) {
  char text[72];
  const char *detail = quoted(&event->detail, text, sizeof text);
  bool taken = true;
  switch (event->kind) {
    case SPW_EVENT_LOST:
      lost(report, event);
      break;
    case SPW_EVENT_BYE:
      report->explained = true;
      outage(report, event, "sent away by", WORD(BYE, event->number), detail);
      break;
    case SPW_EVENT_MALFORMED:
      report->explained = true;
      outage(report, event, "closed the connection to", "it sent what the protocol forbids", "");
      break;
    case SPW_EVENT_REFUSED:
      say(report, "refused a task: %s%s", WORD(REFUSE, event->number), detail);
      break;
    default:
      taken = false;
      break;
  }
  return taken;
}

void report_init(report_t *report, const char *id, const char *server, const spw_posix_tcp_t *tcp, bool quiet) {
  (void)memset(report, 0, sizeof *report);
  report->id = id;
  report->server = server;
  report->tcp = tcp;
  report->quiet = quiet;
}

void report_event(void *application, const spw_event_t *event) {
  report_t *report = (report_t *)application;
  const unsigned long number = (unsigned long)event->number;
  if (event->kind == SPW_EVENT_CONNECTED) {
    report->connected = true;
    report->said = 0u;
  }
  if (needs_attention(report, event) || report->quiet) {
    return;
  }
  switch (event->kind) {
    case SPW_EVENT_CONNECTED:
      say(report, "connected to %s", report->server);
      break;
    case SPW_EVENT_TASK:
      say(report, "round %lu: task received", number);
      break;
    case SPW_EVENT_RESULT:
      say(report, "round %lu: done, sending the result", number);
      break;
    case SPW_EVENT_ACCEPTED:
      say(report, "round %lu: result accepted", number);
      break;
    case SPW_EVENT_COMMITTED:
      say(report, "round %lu: committed", number);
      break;
    case SPW_EVENT_CANCELLED:
      say(report, "task cancelled: %s", WORD(CANCEL, event->number));
      break;
    case SPW_EVENT_RESUMED:
      say(report, "transfer goes on at byte %lu", number);
      break;
    default:
      break; /* an event of a later version */
  }
}
