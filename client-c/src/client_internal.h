/* What the files of the client share. client.h -> session (one connection) -> link (frames in and out) -> offer, task,
 * work, upload. Frames are handled only while the send buffer is empty, so a handler can always queue one answer. */
#ifndef SPW_CLIENT_INTERNAL_H
#define SPW_CLIENT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock.h"
#include "compiler.h"
#include "crc32c.h"
#include "speedwell.pb.h"
#include "speedwell/client.h"

enum {
  SPW_VERSION = 1,
  SPW_ANSWER_MS = 10000, /* for opening, for Welcome, for the answer to KeepAlive */
  SPW_LEAVE_MS = 5000,   /* for our Bye to leave */
  SPW_HANDLE_MOST = 0x7FFFFFFF,
  SPW_LENGTH_MOST = 0x7FFFFFFF, /* of a blob */
  SPW_MS_MOST = 0x7FFFFFFF
};

typedef enum {
  SPW_SESSION_WAITING = 0, /* closed until the deadline */
  SPW_SESSION_OPENING = 1,
  SPW_SESSION_GREETING = 2, /* Hello is sent or queued */
  SPW_SESSION_UP = 3,       /* welcomed */
  SPW_SESSION_LEAVING = 4   /* Bye is queued */
} spw_session_t;

typedef enum {
  SPW_PHASE_NONE = 0,
  SPW_PHASE_FETCHING = 1,  /* parameters are coming down */
  SPW_PHASE_PREPARING = 2, /* the encoding remembers the base; the trainer has not begun */
  SPW_PHASE_TRAINING = 3,
  SPW_PHASE_SUMMING = 4,   /* the checksum of the update is computed */
  SPW_PHASE_FINISHED = 5,  /* Result waits to be sent */
  SPW_PHASE_UPLOADING = 6, /* Result is sent */
  SPW_PHASE_ACCEPTED = 7,
  SPW_PHASE_REFUSING = 8 /* Refuse waits to be sent */
} spw_phase_t;

/* The four parallel lists of blobs of a RunOffer or Task, as they stand in the frame. */
typedef struct {
  const spw_view_t *role;
  const spw_view_t *length;
  const spw_view_t *crc;
  const spw_view_t *encoding;
} spw_blobs_t;

/* client.c */
void spw_client_event(const spw_client_t *client, spw_event_kind_t kind, uint32_t number);
void spw_client_event_detail(const spw_client_t *client, spw_event_kind_t kind, uint32_t number,
                             const spw_view_t *detail);
bool spw_client_allowed(const spw_client_t *client);
bool spw_client_reached(const spw_client_t *client, uint32_t time);
uint32_t spw_client_wait(const spw_client_t *client, uint32_t time); /* ms until then; 0: reached */
uint32_t spw_client_kinds(const spw_client_t *client);

/* client_session.c */
void spw_session_advance(spw_client_t *client);
void spw_session_close(spw_client_t *client); /* the stream and all that belongs to it; the task is kept */
void spw_session_lost(spw_client_t *client, uint32_t retry_after_ms);
void spw_session_violated(spw_client_t *client); /* a protocol error: say so and leave */
void spw_session_on_welcome(spw_client_t *client, const speedwell_Welcome *welcome);
void spw_session_on_bye(spw_client_t *client, const speedwell_Bye *bye);
void spw_session_on_keep_alive(spw_client_t *client, const speedwell_KeepAlive *keep_alive);
bool spw_session_keep_alive(spw_client_t *client); /* true: a KeepAlive was queued */
uint32_t spw_session_wait(const spw_client_t *client);

/* client_link.c */
void spw_link_exchange(spw_client_t *client, bool receive);
/* Queues a message of that outer number; the body is the struct of its member. The send buffer must be empty. */
void spw_link_send(spw_client_t *client, uint32_t number, const void *body);
/* Has a small message said next: a body of one or two numbers; for a Grant the one of the blob coming down. It is
 * encoded when what is being handled is off the stack. */
void spw_link_say(spw_client_t *client, uint32_t number, uint32_t first, uint32_t second);
void spw_link_answer(spw_client_t *client); /* queues what is to be said, if there is anything */
/* Has a refusal said, with its event; name: the tensor it is about, or NULL. */
void spw_link_refuse(spw_client_t *client, uint32_t handle, uint32_t reason, const spw_view_t *name);
bool spw_link_flush(spw_client_t *client); /* true: the send buffer is empty */
bool spw_link_has_frame(const spw_client_t *client);

/* client_blobs.c */
bool spw_blobs_good(const spw_blobs_t *blobs);
uint32_t spw_blobs_count(const spw_blobs_t *blobs);
/* Of the blob at `index`; 0 where there is none. The lists are good. */
uint32_t spw_blobs_role(const spw_blobs_t *blobs, uint32_t index);
uint32_t spw_blobs_length(const spw_blobs_t *blobs, uint32_t index);
uint32_t spw_blobs_crc(const spw_blobs_t *blobs, uint32_t index);
uint32_t spw_blobs_find(const spw_blobs_t *blobs, uint32_t role); /* the count when there is none */
bool spw_blobs_plain(const spw_blobs_t *blobs);                   /* the only encoding that comes down */
/* The checksum of a blob of the run and task at hand, before its first byte. */
uint32_t spw_blobs_start(const spw_client_t *client, uint32_t role, uint32_t encoding, uint32_t length);
/* The blob is to come down; has its Grant said. */
void spw_fetch_begin(spw_client_t *client, uint32_t role, uint32_t blob, uint32_t length, uint32_t expected);
void spw_fetch_grant(spw_client_t *client); /* has the rest of it granted */
void spw_fetch_send_grant(spw_client_t *client);
void spw_fetch_on_chunk(spw_client_t *client, const speedwell_Chunk *chunk);

/* client_offer.c */
void spw_offer_on_run(spw_client_t *client, const speedwell_RunOffer *offer);
void spw_offer_answer(spw_client_t *client); /* RunReady is due: has said what must come before it, if anything */
void spw_offer_fetched(spw_client_t *client, bool intact);
void spw_offer_drop(spw_client_t *client);

/* client_task.c */
void spw_task_on_task(spw_client_t *client, const speedwell_Task *offered);
void spw_task_on_wrap_up(spw_client_t *client, const speedwell_WrapUp *wrap_up);
void spw_task_on_cancel(spw_client_t *client, const speedwell_Cancel *cancel);
void spw_task_fetched(spw_client_t *client, bool intact);
void spw_task_refuse(spw_client_t *client, uint32_t reason);
void spw_task_drop(spw_client_t *client);
void spw_task_unbind(spw_client_t *client);
void spw_task_check_time(spw_client_t *client);
bool spw_task_send_refusal(spw_client_t *client); /* true: Refuse was queued */
uint32_t spw_task_wait(const spw_client_t *client);

/* client_work.c */
bool spw_work_pending(const spw_client_t *client);
void spw_work(spw_client_t *client, uint32_t slices);
void spw_work_finish(spw_client_t *client, spw_cause_t cause);       /* has the trainer finish */
uint32_t spw_work_update_size(const spw_client_t *client);           /* bytes; 0: the task has no update */
const spw_encoding_t *spw_work_encoding(const spw_client_t *client); /* NULL: plain */

/* client_upload.c */
bool spw_upload_pending(const spw_client_t *client);
bool spw_upload_send(spw_client_t *client); /* true: a Result or a Chunk was queued */
void spw_upload_on_grant(spw_client_t *client, const speedwell_Grant *grant);
void spw_upload_on_accepted(spw_client_t *client, const speedwell_Accepted *accepted);
void spw_upload_on_committed(spw_client_t *client, const speedwell_Committed *committed);

#endif
