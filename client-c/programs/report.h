/* What a device says about itself: one line per event on stderr, in words. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/client.h"
#include "speedwell/posix.h"

typedef struct {
  const char *id;
  const char *server;
  const spw_posix_tcp_t *tcp;
  bool quiet;
  bool connected;
  bool explained; /* why the connection is about to be lost was said */
  uint64_t said;  /* the last thing that needed attention, which is not said twice in one outage; 0: none */
} report_t;

/* Starts a report; the strings and the stream must outlive it. */
void report_init(report_t *report, const char *id, const char *server, const spw_posix_tcp_t *tcp, bool quiet);

/* For spw_client_config_t.on_event; application is a report_t. */
void report_event(void *application, const spw_event_t *event);

#endif
