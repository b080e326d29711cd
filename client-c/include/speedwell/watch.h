/*
 * Watch: faults with codes, and statistics, of a client. Optional; it stands between the client and its stream, and
 * hears its events. (watch/watch.c; library speedwell_watch)
 *
 *   spw_watch_init(&watch, &tcp.transport, on_fault, application);
 *   config.transport = &watch.transport;
 *   config.on_event = ... which hands every event to spw_watch_event(&watch, event)
 *
 * A fault is what a diagnostic event manager wants to hear (AUTOSAR Dem: one event for each spw_fault_t, the reason as
 * its extended data). Faults of the link have healed at SPW_EVENT_CONNECTED, a refusal at the next SPW_EVENT_TASK.
 *
 * Not re-entrant; for the context that steps the client.
 */
#ifndef SPEEDWELL_WATCH_H
#define SPEEDWELL_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/client.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  SPW_FAULT_OPEN = 1,       /* the stream could not be opened; reason: 0 */
  SPW_FAULT_SEND = 2,       /* the stream was lost, sending */
  SPW_FAULT_RECEIVE = 3,    /* the stream was lost, receiving; also: the server closed it */
  SPW_FAULT_SILENT = 4,     /* the server did not answer in time, or the stream took nothing */
  SPW_FAULT_BYE = 5,        /* the server said Bye; reason: ByeReason of speedwell.proto */
  SPW_FAULT_MALFORMED = 6,  /* the server sent what the protocol forbids; reason: number of SPW_EVENT_MALFORMED */
  SPW_FAULT_REFUSED = 7,    /* the device refused a run or task; reason: RefuseReason */
  SPW_FAULT_CANCELLED = 8,  /* the server dropped a task; reason: CancelReason. Most are no fault: the round is over */
  SPW_FAULT_STORE = 9,      /* spw_watch_report: the store; reason: -spw_keep_trouble() */
  SPW_FAULT_CONTEXT = 10,   /* spw_watch_report: spw_check_context has found another checksum */
  SPW_FAULT_PARAMETERS = 11 /* spw_watch_report: spw_check_t has found another checksum */
} spw_fault_t;

/* All count from spw_watch_init and wrap. */
typedef struct {
  uint64_t bytes_sent;
  uint64_t bytes_received;
  uint32_t frames_sent;
  uint32_t frames_received;
  uint32_t connections; /* that were welcomed */
  uint32_t losses;      /* also of openings that failed */
  uint32_t tasks;       /* that the trainer began */
  uint32_t results;
  uint32_t accepted;
  uint32_t committed;
  uint32_t refused;
  uint32_t cancelled;
  uint32_t resumed;
  uint32_t malformed;
} spw_counts_t;

/* Where a stream of frames is. Private. */
typedef struct {
  uint32_t left;  /* bytes of the frame's message that are to come */
  uint32_t value; /* of the length, so far */
  uint32_t shift;
} spw_meter_t;

typedef struct {
  spw_transport_t transport; /* for the client */
  spw_counts_t counts;       /* to be read at any time between steps */
  /* private */
  const spw_transport_t *inner;
  void (*on_fault)(void *application, spw_fault_t fault, uint32_t reason);
  void *application;
  spw_fault_t cause; /* of the next loss, as far as it is known */
  uint32_t reason;
  spw_meter_t sent;
  spw_meter_t received;
} spw_watch_t;

/* Stands before `transport`, which must outlive it; the watch must not move. on_fault may be NULL.
 * SPW_OK; SPW_BAD_ARGUMENT: watch, transport or one of its functions is NULL. */
spw_status_t spw_watch_init(spw_watch_t *watch, const spw_transport_t *transport,
                            void (*on_fault)(void *application, spw_fault_t fault, uint32_t reason), void *application);

/* To be called from on_event, with every event. */
void spw_watch_event(spw_watch_t *watch, const spw_event_t *event);

/* Tells on_fault of a fault that the application has found. */
void spw_watch_report(const spw_watch_t *watch, spw_fault_t fault, uint32_t reason);

#ifdef __cplusplus
}
#endif

#endif
