/* Frames in and out of the caller's buffers. A frame that is being sent is finished before another is made. */
#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "codec.h"
#include "frame.h"
#include "speedwell/options.h"

void spw_link_send(spw_client_t *client, uint32_t number, const void *body) {
  spw_sink_t out = {client->config->send_buffer, client->send_limit, 0u};
  spw_frame_write(&spw_to_server, number, body, &out);
  /* It stands at the end. Every control frame fits, and chunks are cut to fit. */
  client->queued = client->send_limit;
  client->sent = (out.size <= client->send_limit) ? out.room : client->send_limit;
}

/* These bodies begin with a handle or another number, then a number, then perhaps a detail. */
/* MISRA deviation D.4: names are pasted, in assertions only. */
#define SAME_PLACE(message_, first_, second_)                                                     \
  _Static_assert((offsetof(speedwell_##message_, first_) == offsetof(spw_answer_t, first)) &&     \
                     (offsetof(speedwell_##message_, second_) == offsetof(spw_answer_t, second)), \
                 "spw_answer_t stands for it")
SAME_PLACE(Refuse, handle, reason);
SAME_PLACE(Bye, reason, retry_after_ms);
SAME_PLACE(Reject, message, reason);
_Static_assert(offsetof(speedwell_Refuse, detail) == offsetof(spw_answer_t, detail), "likewise");
_Static_assert(offsetof(speedwell_Bye, detail) == offsetof(spw_answer_t, detail), "likewise");
_Static_assert(offsetof(speedwell_RunReady, run) == offsetof(spw_answer_t, first), "likewise");

void spw_link_say(spw_client_t *client, uint32_t number, uint32_t first, uint32_t second) {
  client->answer = (uint8_t)number;
  client->said.first = first;
  client->said.second = second;
  client->said.detail.bytes = NULL;
}

/* What a reason is about. */
static spw_view_t detail_of(uint32_t reason) {
  static const uint8_t words[19] = {'r', 'u', 'n', 'c', 'o', 'n', 'f', 'i', 'g', 'p',
                                    'a', 'r', 'a', 'm', 'e', 't', 'e', 'r', 's'};
  uint32_t begin = 0u;
  uint32_t size = 0u; /* the reason says it all */
  if (reason == (uint32_t)speedwell_RefuseReason_REFUSE_UNKNOWN) {
    size = 3u;
  } else if (reason == (uint32_t)speedwell_RefuseReason_REFUSE_CAPACITY) {
    begin = 3u;
    size = 6u;
  } else if (reason == (uint32_t)speedwell_RefuseReason_REFUSE_LAYOUT) {
    begin = 9u;
    size = 10u;
  } else {
    /* nothing else */
  }
  const spw_view_t detail = {&words[begin], size};
  return detail;
}

void spw_link_answer(spw_client_t *client) {
  if (client->answer == (uint8_t)speedwell_ToServer_run_ready_tag) {
    spw_offer_answer(client); /* perhaps something else comes before it */
  }
  const uint32_t number = client->answer;
  spw_answer_t said = client->said;
  client->answer = 0u;
  if (number == (uint32_t)speedwell_ToServer_refuse_tag) {
    if (said.detail.bytes == NULL) {
      said.detail = detail_of(said.second);
    }
    spw_client_event_detail(client, SPW_EVENT_REFUSED, said.second, &said.detail);
  } else {
    said.detail.size = 0u;
  }
  if (number == (uint32_t)speedwell_ToServer_grant_tag) {
    spw_fetch_send_grant(client);
  } else if (number == (uint32_t)speedwell_ToServer_keep_alive_tag) {
    const speedwell_KeepAlive keep_alive = {said.first != 0u};
    spw_link_send(client, number, &keep_alive);
  } else if (number != 0u) {
    spw_link_send(client, number, &said);
  } else {
    /* nothing to say */
  }
}

void spw_link_refuse(spw_client_t *client, uint32_t handle, uint32_t reason, const spw_view_t *name) {
  spw_link_say(client, speedwell_ToServer_refuse_tag, handle, reason);
  if (name != NULL) {
    client->said.detail = *name;
  }
}

/* Sends what the stream takes. */
bool spw_link_flush(spw_client_t *client) {
  const spw_transport_t *transport = client->config->transport;
  while (client->sent < client->queued) {
    const uint32_t sent = client->sent;
    uint32_t left = 0u;
    int32_t count = 0;
    //@ split sent;
    left = spw_minus(client->queued, sent);
    count = transport->send(transport->context, &client->config->send_buffer[sent], left);
    //@ merge sent;
    if ((count < 0) || ((uint32_t)count > left)) {
      spw_session_lost(client, 0u);
      return false;
    }
    if (count == 0) {
      return false;
    }
    client->sent = sent + (uint32_t)count;
    client->sent_at = client->now;
  }
  return true;
}

/* Receives once behind the bytes that are left; true: something came. */
static SPW_NOINLINE bool receive(spw_client_t *client) {
  const spw_client_config_t *config = client->config;
  const uint32_t taken = client->taken;
  uint32_t kept = 0u;
  //@ split taken;
  kept = spw_minus(client->received, taken);
  (void)memmove(config->receive_buffer, &config->receive_buffer[taken], kept);
  //@ merge taken;
  client->received = kept;
  client->taken = 0u;
  const uint32_t room = config->receive_size - kept; /* never 0: a frame of the full size would have been handled */
  int32_t count = 0;
  //@ split kept;
  count = config->transport->receive(config->transport->context, &config->receive_buffer[kept], room);
  //@ merge kept;
  if ((count < 0) || ((uint32_t)count > room)) {
    spw_session_lost(client, 0u);
    return false;
  }
  if (count > 0) {
    client->received = kept + (uint32_t)count;
    client->asked = false;
  }
  return count > 0;
}

static spw_frame_t find_frame(const spw_client_t *client, spw_span_t *message) {
  const spw_client_config_t *config = client->config;
  const spw_span_t bytes = {config->receive_buffer, client->taken, client->received};
  return spw_frame_find(&bytes, spw_least(config->receive_size, (uint32_t)SPW_FRAME_MOST), message);
}

bool spw_link_has_frame(const spw_client_t *client) {
  spw_span_t message;
  return find_frame(client, &message) != SPW_FRAME_MORE;
}

static SPW_NOINLINE void malformed(spw_client_t *client) {
  spw_client_event(client, SPW_EVENT_MALFORMED, 0u);
  spw_session_lost(client, 0u);
}

static void dispatch(spw_client_t *client, uint32_t number, const speedwell_ToDevice *message) {
  switch (number) {
    case speedwell_ToDevice_welcome_tag:
      spw_session_on_welcome(client, &message->message.welcome);
      break;
    case speedwell_ToDevice_run_offer_tag:
      spw_offer_on_run(client, &message->message.run_offer);
      break;
    case speedwell_ToDevice_task_tag:
      spw_task_on_task(client, &message->message.task);
      break;
    case speedwell_ToDevice_grant_tag:
      spw_upload_on_grant(client, &message->message.grant);
      break;
    case speedwell_ToDevice_chunk_tag:
      spw_fetch_on_chunk(client, &message->message.chunk);
      break;
    case speedwell_ToDevice_wrap_up_tag:
      spw_task_on_wrap_up(client, &message->message.wrap_up);
      break;
    case speedwell_ToDevice_keep_alive_tag:
      spw_session_on_keep_alive(client, &message->message.keep_alive);
      break;
    case speedwell_ToDevice_cancel_tag:
      spw_task_on_cancel(client, &message->message.cancel);
      break;
    case speedwell_ToDevice_accepted_tag:
      spw_upload_on_accepted(client, &message->message.accepted);
      break;
    default:
      spw_upload_on_committed(client, &message->message.committed);
      break;
  }
}

static SPW_NOINLINE void handle(spw_client_t *client, const spw_span_t *frame) {
  speedwell_ToDevice message; /* MISRA deviation D.2: a union */
  uint32_t number = 0u;
  const spw_decoded_t decoded = spw_decode(&spw_to_device, frame, &number, &message.message);
  if (decoded == SPW_MALFORMED) {
    malformed(client);
  } else if (decoded == SPW_UNKNOWN) {
    if (client->session == (uint8_t)SPW_SESSION_UP) {
      spw_link_say(client, speedwell_ToServer_reject_tag, number,
                   (uint32_t)speedwell_RejectReason_REJECT_UNKNOWN_MESSAGE);
    }
  } else if (number == (uint32_t)speedwell_ToDevice_bye_tag) {
    spw_session_on_bye(client, &message.message.bye);
  } else if (number == (uint32_t)speedwell_ToDevice_reject_tag) {
    /* the server does not know a message of ours: nothing to do, the connection goes on */
  } else if ((client->session == (uint8_t)SPW_SESSION_UP) == (number != (uint32_t)speedwell_ToDevice_welcome_tag)) {
    dispatch(client, number, &message);
  } else { /* Welcome twice, or something before it */
    spw_session_violated(client);
  }
}

/* Handles one frame of the receive buffer; true: there was one, or a broken one. */
static bool take_frame(spw_client_t *client) {
  spw_span_t message;
  const spw_frame_t found = find_frame(client, &message);
  if (found == SPW_FRAME_BAD) {
    malformed(client);
  } else if (found == SPW_FRAME_WHOLE) {
    /* Behind the message; set before it is handled, because that may end the session and empty the buffer. */
    client->taken = message.end;
    handle(client, &message);
  } else {
    /* more is to come */
  }
  return found != SPW_FRAME_MORE;
}

static bool send_own(spw_client_t *client) {
  return (client->session == (uint8_t)SPW_SESSION_UP) && spw_upload_send(client);
}

static bool send_urgent(spw_client_t *client) {
  return (client->session == (uint8_t)SPW_SESSION_UP) &&
         (spw_task_send_refusal(client) || spw_session_keep_alive(client));
}

static bool listening(const spw_client_t *client) {
  return (client->session == (uint8_t)SPW_SESSION_GREETING) || (client->session == (uint8_t)SPW_SESSION_UP);
}

void spw_link_exchange(spw_client_t *client, bool may_receive) {
  bool fresh = may_receive;
  /* MISRA deviation D.5: more than one break. */
  for (uint32_t i = 0u; i < (uint32_t)SPW_FRAMES_PER_STEP; ++i) {
    if ((client->session <= (uint8_t)SPW_SESSION_OPENING) || (!spw_link_flush(client))) {
      break;
    }
    if (!listening(client)) { /* our Bye has left */
      spw_session_lost(client, 0u);
      break;
    }
    if (send_urgent(client) || take_frame(client) || send_own(client)) {
      spw_link_answer(client);
      continue;
    }
    if ((!fresh) || (!receive(client))) {
      break;
    }
    fresh = false;
  }
}
