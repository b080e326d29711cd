/* Between the client and its stream: counts what passes, and finds out why a connection was lost. */
#include "speedwell/watch.h"

#include <stddef.h>
#include <string.h>

#include "bytes.h"

/* Counts the frames that end within the bytes. */
static void measure(spw_meter_t *meter, uint32_t *frames, const uint8_t *bytes, uint32_t size) {
  uint32_t at = 0u;
  while (at < size) {
    if (meter->left > 0u) {
      const uint32_t passed = spw_least(meter->left, size - at);
      meter->left -= passed;
      at += passed;
      *frames += (meter->left == 0u) ? 1u : 0u;
    } else { /* a byte of a frame's length; what is none ends the connection */
      meter->value |= ((uint32_t)bytes[at] & 0x7Fu) << meter->shift;
      if (bytes[at] < 0x80u) {
        meter->left = meter->value;
        meter->value = 0u;
        meter->shift = 0u;
      } else {
        meter->shift = spw_least(meter->shift + 7u, 31u);
      }
      ++at;
    }
  }
}

/* The first fault of a connection is why it is lost. */
static void blame(spw_watch_t *watch, spw_fault_t fault, uint32_t reason) {
  if (watch->cause == SPW_FAULT_SILENT) {
    watch->cause = fault;
    watch->reason = reason;
  }
}

static int32_t open_stream(void *context) {
  spw_watch_t *watch = (spw_watch_t *)context; /* MISRA deviation D.1 */
  const int32_t result = watch->inner->open(watch->inner->context);
  if (result < 0) {
    blame(watch, SPW_FAULT_OPEN, 0u);
  }
  return result;
}

static void close_stream(void *context) {
  spw_watch_t *watch = (spw_watch_t *)context; /* MISRA deviation D.1 */
  const spw_meter_t none = {0u, 0u, 0u};
  watch->sent = none;
  watch->received = none;
  watch->inner->close(watch->inner->context);
}

static int32_t send_bytes(void *context, const uint8_t *bytes, uint32_t size) {
  spw_watch_t *watch = (spw_watch_t *)context; /* MISRA deviation D.1 */
  const int32_t count = watch->inner->send(watch->inner->context, bytes, size);
  if ((count < 0) || ((uint32_t)count > size)) {
    blame(watch, SPW_FAULT_SEND, 0u);
  } else {
    watch->counts.bytes_sent += (uint32_t)count;
    measure(&watch->sent, &watch->counts.frames_sent, bytes, (uint32_t)count);
  }
  return count;
}

static int32_t receive_bytes(void *context, uint8_t *bytes, uint32_t capacity) {
  spw_watch_t *watch = (spw_watch_t *)context; /* MISRA deviation D.1 */
  const int32_t count = watch->inner->receive(watch->inner->context, bytes, capacity);
  if ((count < 0) || ((uint32_t)count > capacity)) {
    blame(watch, SPW_FAULT_RECEIVE, 0u);
  } else {
    watch->counts.bytes_received += (uint32_t)count;
    measure(&watch->received, &watch->counts.frames_received, bytes, (uint32_t)count);
  }
  return count;
}

spw_status_t spw_watch_init(spw_watch_t *watch, const spw_transport_t *transport,
                            void (*on_fault)(void *application, spw_fault_t fault, uint32_t reason),
                            void *application) {
  if ((watch == NULL) || (transport == NULL) || (transport->open == NULL) || (transport->close == NULL) ||
      (transport->send == NULL) || (transport->receive == NULL)) {
    return SPW_BAD_ARGUMENT;
  }
  (void)memset(watch, 0, sizeof(*watch));
  watch->inner = transport;
  watch->on_fault = on_fault;
  watch->application = application;
  watch->cause = SPW_FAULT_SILENT; /* until something else is known */
  watch->transport.context = watch;
  watch->transport.open = &open_stream;
  watch->transport.close = &close_stream;
  watch->transport.send = &send_bytes;
  watch->transport.receive = &receive_bytes;
  return SPW_OK;
}

void spw_watch_report(const spw_watch_t *watch, spw_fault_t fault, uint32_t reason) {
  if (watch->on_fault != NULL) {
    watch->on_fault(watch->application, fault, reason);
  }
}

void spw_watch_event(spw_watch_t *watch, const spw_event_t *event) {
  spw_counts_t *counts = &watch->counts;
  switch (event->kind) {
    case SPW_EVENT_CONNECTED:
      ++counts->connections;
      break;
    case SPW_EVENT_LOST:
      ++counts->losses;
      spw_watch_report(watch, watch->cause, watch->reason);
      watch->cause = SPW_FAULT_SILENT;
      watch->reason = 0u;
      break;
    case SPW_EVENT_BYE:
      blame(watch, SPW_FAULT_BYE, event->number);
      break;
    case SPW_EVENT_TASK:
      ++counts->tasks;
      break;
    case SPW_EVENT_REFUSED:
      ++counts->refused;
      spw_watch_report(watch, SPW_FAULT_REFUSED, event->number);
      break;
    case SPW_EVENT_RESULT:
      ++counts->results;
      break;
    case SPW_EVENT_ACCEPTED:
      ++counts->accepted;
      break;
    case SPW_EVENT_COMMITTED:
      ++counts->committed;
      break;
    case SPW_EVENT_CANCELLED:
      ++counts->cancelled;
      spw_watch_report(watch, SPW_FAULT_CANCELLED, event->number);
      break;
    case SPW_EVENT_MALFORMED:
      ++counts->malformed;
      blame(watch, SPW_FAULT_MALFORMED, event->number);
      break;
    case SPW_EVENT_RESUMED:
      ++counts->resumed;
      break;
    default: /* an event of a later version */
      break;
  }
}
