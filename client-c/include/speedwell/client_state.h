/* The state of a client: here for its size only. Its members are private and change between versions. What is used most
 * stands first in each struct: small offsets make small code on small machines. */
#ifndef SPEEDWELL_CLIENT_STATE_H
#define SPEEDWELL_CLIENT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/trainer.h"
#include "speedwell/view.h"

/* What is to be said next, once the frame at hand is handled: a small message, shaped like the longest of them. */
typedef struct {
  uint32_t first;
  uint32_t second;
  spw_view_t detail;
} spw_answer_t;

/* The server's layout, compared as it arrives. */
typedef struct {
  uint32_t tensor;
  uint32_t at; /* within the tensor's entry */
  bool differs;
  uint8_t name[65]; /* length and name of a tensor the trainer lacks */
} spw_layout_walk_t;

/* The blob that is coming down; at most one at a time. */
typedef struct {
  uint8_t role;    /* 0: nothing is coming down */
  uint8_t blob;    /* index in the offer's lists */
  uint32_t offset; /* bytes held */
  uint32_t length;
  uint32_t crc;      /* so far */
  uint32_t expected; /* the checksum announced */
} spw_fetch_t;

/* The run of this connection. */
typedef struct {
  uint8_t encoding; /* of updates */
  uint8_t config_blob;
  bool config_held;  /* the config buffer holds what config_size and config_crc say */
  bool ready;        /* RunReady was sent */
  bool layout_known; /* the offer's layout is the trainer's */
  bool counts;       /* the offer's parameter count is the trainer's */
  uint8_t layout_blob;
  uint32_t handle;      /* 0: none on this connection */
  uint32_t layout_size; /* of the offer */
  uint32_t layout_crc;
  uint32_t config_size; /* 0: no configuration */
  uint32_t config_crc;
  uint64_t id;
} spw_run_t;

/* The task held, from its receipt until it is dropped. */
typedef struct {
  uint8_t phase; /* spw_phase_t */
  uint8_t cause;
  uint8_t refusal; /* the reason, while it waits to be sent */
  uint8_t blob;    /* uploading */
  bool timed;
  bool hinted;
  bool ended;
  bool granted;     /* uploading: a grant came on this connection */
  bool resumed;     /* offered again after a lost link */
  uint32_t handle;  /* 0: of an earlier connection, not offered again yet */
  uint32_t at;      /* working: bytes of the update done; uploading: bytes of the blob sent */
  uint32_t credit;  /* uploading: bytes of the blob that may be sent */
  uint32_t hint_at; /* time of the wrap-up hint, and of the end; valid if timed */
  uint32_t end_at;
  uint32_t update_id;
  uint32_t update_crc;
  uint32_t metrics_crc;
  uint32_t number;
  uint32_t attempt;
  uint32_t parameters_crc; /* 0: none */
} spw_held_task_t;

struct spw_client {
  uint8_t session;  /* spw_session_t */
  uint8_t failures; /* tries since the last Welcome */
  uint8_t answer;   /* outer number of the message to say, 0: none; never set between two steps */
  bool asked;       /* a KeepAlive waits for its answer */
  bool model_valid;
  bool begun; /* the clock is known */
  const spw_client_config_t *config;
  spw_held_task_t task;
  uint32_t now;
  uint32_t deadline; /* of the session's present state */
  uint32_t received; /* bytes in the receive buffer, and how many of them are done with */
  uint32_t taken;
  uint32_t queued; /* where the frame in the send buffer ends, and how much of it is sent or was never used */
  uint32_t sent;
  uint32_t send_limit;
  uint32_t sent_at; /* a byte was last sent */
  uint32_t keep_alive_ms;
  spw_run_t run;
  spw_fetch_t fetch;
  spw_answer_t said;
  uint64_t random;
  uint64_t token;
  spw_task_t given; /* what the trainer sees of the task, and what it gives back */
  spw_result_t result;
  spw_layout_walk_t layout;
};

#endif
