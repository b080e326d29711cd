/* One connection after the other: opening, Hello and Welcome, keep-alive, Bye, back-off. */
#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "frame.h"
#include "rng.h"
#include "text.h"
#include "update.h"

enum { BACKOFF_FIRST_MS = 1000, BACKOFF_MOST_MS = 300000, KEEP_ALIVE_LEAST_MS = 1000, KEEP_ALIVE_MOST_MS = 3600000 };

static void enter(spw_client_t *client, spw_session_t session, uint32_t within_ms) {
  client->session = (uint8_t)session;
  client->deadline = spw_clock_after(client->now, within_ms);
}

/* Full jitter: uniform in [0, min(most, first * 2^n)]. */
static uint32_t draw_backoff(spw_client_t *client) {
  const spw_client_config_t *config = client->config;
  const uint32_t most = (config->backoff_most_ms != 0u) ? config->backoff_most_ms : (uint32_t)BACKOFF_MOST_MS;
  uint32_t limit =
      spw_least((config->backoff_first_ms != 0u) ? config->backoff_first_ms : (uint32_t)BACKOFF_FIRST_MS, most);
  for (uint32_t n = client->failures; (n > 0u) && (limit < most); --n) {
    limit = (limit > (most / 2u)) ? most : (2u * limit);
  }
  if (client->failures < 31u) { /* 2^31 times anything is beyond every `most` */
    ++client->failures;
  }
  return spw_rng_upto(&client->random, limit);
}

void spw_session_close(spw_client_t *client) {
  client->config->transport->close(client->config->transport->context);
  client->session = (uint8_t)SPW_SESSION_WAITING;
  client->asked = false;
  client->answer = 0u;
  client->received = 0u;
  client->taken = 0u;
  client->queued = 0u;
  client->sent = 0u;
  spw_offer_drop(client);
  spw_task_unbind(client);
}

void spw_session_lost(spw_client_t *client, uint32_t retry_after_ms) {
  uint32_t wait = 0u;
  if (retry_after_ms != 0u) {
    const uint32_t after = spw_least(retry_after_ms, (uint32_t)SPW_MS_MOST - ((uint32_t)SPW_MS_MOST / 8u));
    wait = after + spw_rng_upto(&client->random, after / 8u);
  } else {
    wait = draw_backoff(client);
  }
  spw_session_close(client);
  client->deadline = spw_clock_after(client->now, wait);
  spw_client_event(client, SPW_EVENT_LOST, wait);
}

void spw_session_violated(spw_client_t *client) {
  spw_client_event(client, SPW_EVENT_MALFORMED, 1u);
  spw_link_say(client, speedwell_ToServer_bye_tag, (uint32_t)speedwell_ByeReason_BYE_PROTOCOL, 0u);
  enter(client, SPW_SESSION_LEAVING, (uint32_t)SPW_LEAVE_MS);
}

static uint32_t roles_of(const spw_client_t *client) {
  uint32_t roles = spw_bit((uint32_t)speedwell_Role_ROLE_LAYOUT) | spw_bit((uint32_t)speedwell_Role_ROLE_PARAMETERS) |
                   spw_bit((uint32_t)speedwell_Role_ROLE_UPDATE);
  roles |= (client->config->config_size > 0u) ? spw_bit((uint32_t)speedwell_Role_ROLE_CONFIG) : 0u;
  roles |= (client->config->metrics_size > 0u) ? spw_bit((uint32_t)speedwell_Role_ROLE_METRICS) : 0u;
  return roles;
}

static void greet(spw_client_t *client) {
  const spw_client_config_t *config = client->config;
  speedwell_Hello hello;
  (void)memset(&hello, 0, sizeof(hello));
  hello.version_min = (uint32_t)SPW_VERSION;
  hello.version_max = (uint32_t)SPW_VERSION;
  hello.device_id.bytes = (const uint8_t *)config->device_id;
  hello.device_id.size = spw_text_length(config->device_id, 31u); /* 32 at most */
  hello.frame_limit = spw_least(config->receive_size, (uint32_t)SPW_FRAME_MOST);
  hello.kinds = spw_client_kinds(client);
  hello.roles = roles_of(client);
  hello.encodings = spw_bit((uint32_t)speedwell_Encoding_ENCODING_PLAIN);
  hello.encodings |= (config->encoding != NULL) ? spw_bit(config->encoding->id) : 0u;
  hello.numerics = config->trainer->numerics;
  hello.parameter_capacity = spw_update_size(config->trainer, SPW_DOWN) / 4u;
  hello.conditions = config->conditions;
  hello.token = client->token;
  hello.keep_alive_ms = config->keep_alive_ms;
  client->send_limit = (uint32_t)SPW_FRAME_MIN;
  spw_link_send(client, speedwell_ToServer_hello_tag, &hello);
  enter(client, SPW_SESSION_GREETING, (uint32_t)SPW_ANSWER_MS);
}

static void open_stream(spw_client_t *client) {
  const int32_t opened = client->config->transport->open(client->config->transport->context);
  if (opened < 0) {
    spw_session_lost(client, 0u);
  } else if (opened > 0) {
    greet(client);
  } else {
    /* still opening */
  }
}

/* When a KeepAlive is due, or its answer, or the stream must have taken bytes. */
static uint32_t silence_ends(const spw_client_t *client) {
  const bool stuck = client->sent < client->queued; /* no KeepAlive can be queued: the stalled frame stands for it */
  return client->asked
             ? client->deadline
             : spw_clock_after(client->sent_at, client->keep_alive_ms + (stuck ? (uint32_t)SPW_ANSWER_MS : 0u));
}

static uint32_t next_deadline(const spw_client_t *client) {
  return (client->session == (uint8_t)SPW_SESSION_UP) ? silence_ends(client) : client->deadline;
}

uint32_t spw_session_wait(const spw_client_t *client) {
  return spw_client_wait(client, next_deadline(client));
}

static void send_keep_alive(spw_client_t *client, bool reply) {
  spw_link_say(client, speedwell_ToServer_keep_alive_tag, reply ? 1u : 0u, 0u);
}

bool spw_session_keep_alive(spw_client_t *client) {
  const bool due = (!client->asked) && spw_client_reached(client, silence_ends(client));
  if (due) {
    send_keep_alive(client, false);
    client->asked = true;
    client->deadline = spw_clock_after(client->now, (uint32_t)SPW_ANSWER_MS);
  }
  return due;
}

void spw_session_advance(spw_client_t *client) {
  const bool due = spw_client_reached(client, next_deadline(client));
  if (client->session == (uint8_t)SPW_SESSION_WAITING) {
    if (due) {
      enter(client, SPW_SESSION_OPENING, (uint32_t)SPW_ANSWER_MS);
    }
  } else if (client->session == (uint8_t)SPW_SESSION_UP) {
    if (due && (client->asked || (client->sent < client->queued))) {
      spw_session_lost(client, 0u);
    }
  } else if (due) {
    spw_session_lost(client, 0u);
  } else {
    /* go on */
  }
  if (client->session == (uint8_t)SPW_SESSION_OPENING) {
    open_stream(client);
  }
}

void spw_session_on_welcome(spw_client_t *client, const speedwell_Welcome *welcome) {
  if ((welcome->version != (uint32_t)SPW_VERSION) || (welcome->token == 0u) ||
      (welcome->keep_alive_ms < (uint32_t)KEEP_ALIVE_LEAST_MS) ||
      (welcome->keep_alive_ms > (uint32_t)KEEP_ALIVE_MOST_MS) || (welcome->frame_limit < (uint32_t)SPW_FRAME_MIN) ||
      (welcome->frame_limit > (uint32_t)SPW_FRAME_MOST)) {
    spw_session_violated(client);
    return;
  }
  client->session = (uint8_t)SPW_SESSION_UP;
  client->token = welcome->token;
  client->keep_alive_ms = welcome->keep_alive_ms;
  client->send_limit = spw_least(client->config->send_size, welcome->frame_limit);
  client->failures = 0u;
  spw_client_event(client, SPW_EVENT_CONNECTED, 0u);
}

void spw_session_on_bye(spw_client_t *client, const speedwell_Bye *bye) {
  spw_client_event_detail(client, SPW_EVENT_BYE, bye->reason, &bye->detail);
  spw_session_lost(client, bye->retry_after_ms);
}

void spw_session_on_keep_alive(spw_client_t *client, const speedwell_KeepAlive *keep_alive) {
  if (!keep_alive->reply) {
    send_keep_alive(client, true);
  }
}
