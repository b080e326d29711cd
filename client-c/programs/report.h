/* What a device says about itself: one line per event on stderr, in words. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "speedwell/client.h"
#include "speedwell/posix.h"

typedef struct {
  const char *id;
  const char *server;
  const spw_posix_tcp_t *tcp;
  bool quiet;
  bool outage; /* said already, until connected again */
} report_t;

/* For spw_client_config_t.on_event; application is a report_t. */
void report_event(void *application, const spw_event_t *event);

#endif
