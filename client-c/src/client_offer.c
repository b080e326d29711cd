/* The run of this connection: the server's offer, its layout and its configuration. */
#include <string.h>

#include "client_internal.h"
#include "layout.h"
#include "text.h"
#include "update.h"

static void refuse(spw_client_t *client, uint32_t reason, spw_view_t detail) {
  speedwell_ToServer message;
  spw_link_start(&message, speedwell_ToServer_refuse_tag);
  message.message.refuse.handle = client->run.handle;
  message.message.refuse.reason = reason;
  message.message.refuse.detail = detail;
  spw_client_event(client, SPW_EVENT_REFUSED, reason, detail);
  spw_link_send(client, &message);
  spw_task_drop(client);
  spw_offer_drop(client);
}

static void refuse_because(spw_client_t *client, uint32_t reason, const char *what) {
  const spw_view_t detail = {(const uint8_t *)what, spw_text_length(what, 64u)};
  refuse(client, reason, detail);
}

/* True if every blob of the offer has a role that the device takes in an offer. */
static bool roles_good(const spw_client_t *client, const spw_blobs_t *blobs) {
  const uint32_t taken = spw_client_roles(client) &
                         ((1u << (uint32_t)speedwell_Role_ROLE_LAYOUT) | (1u << (uint32_t)speedwell_Role_ROLE_CONFIG));
  bool good = true;
  for (uint32_t i = 0u; i < blobs->role_count; ++i) {
    good = good && (blobs->role[i] < 32u) && (((taken >> blobs->role[i]) & 1u) != 0u);
  }
  return good;
}

void spw_offer_drop(spw_client_t *client) {
  client->run.handle = 0u;
  client->run.ready = false;
  if (client->fetch.role != (uint8_t)speedwell_Role_ROLE_PARAMETERS) {
    client->fetch.role = 0u;
  }
}

static void begin_fetch(spw_client_t *client, uint32_t role, uint32_t blob, uint32_t length, uint32_t crc) {
  const spw_blob_key_t key = {0u, role, 0u, 0u, 0u, length};
  spw_fetch_begin(client, &key, blob, crc);
  spw_fetch_grant(client);
}

/* The layout is ours: the configuration next, if it is not held, and then RunReady. */
static void proceed(spw_client_t *client) {
  spw_run_t *run = &client->run;
  if (!run->config_held) {
    begin_fetch(client, (uint32_t)speedwell_Role_ROLE_CONFIG, run->config_blob, run->config_size, run->config_crc);
  } else {
    speedwell_ToServer message;
    spw_link_start(&message, speedwell_ToServer_run_ready_tag);
    message.message.run_ready.run = run->handle;
    spw_link_send(client, &message);
    run->ready = true;
  }
}

/* The first reason against the run that needs no blob, in the protocol's order; 0: none. */
static uint32_t objection(const spw_client_t *client, const speedwell_RunOffer *offer, const spw_blobs_t *blobs) {
  const spw_client_config_t *config = client->config;
  uint32_t reason = 0u;
  if (offer->features != 0u) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_FEATURE;
  } else if ((offer->kinds & ~spw_client_kinds(client)) != 0u) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_KIND;
  } else if (!roles_good(client, blobs)) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_ROLE;
  } else if ((offer->numerics != 0u) && (offer->numerics != config->trainer->numerics)) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_NUMERICS;
  } else if ((!spw_blobs_plain(blobs)) ||
             ((offer->update_encoding != 0u) &&
              ((config->encoding == NULL) || (config->encoding->id != offer->update_encoding)))) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_ENCODING;
  } else {
    /* none */
  }
  return reason;
}

/* Takes over what the offer says; a task of another run, or of this one under another configuration, is dropped. */
static void adopt(spw_client_t *client, const speedwell_RunOffer *offer, const spw_blobs_t *blobs) {
  spw_run_t *run = &client->run;
  const uint32_t config = spw_blobs_find(blobs, (uint32_t)speedwell_Role_ROLE_CONFIG);
  const bool has_config = (config < blobs->role_count);
  const uint32_t config_size = has_config ? blobs->length[config] : 0u;
  const uint32_t config_crc = has_config ? blobs->crc[config] : 0u;
  if ((config_size != run->config_size) || (config_crc != run->config_crc)) {
    run->config_held = false;
  }
  if (!has_config) {
    run->config_held = true;
  }
  if ((run->id != offer->run_id) || (run->encoding != offer->update_encoding) || (!run->config_held)) {
    spw_task_drop(client);
  }
  spw_offer_drop(client);
  run->id = offer->run_id;
  run->handle = offer->handle;
  run->encoding = (uint8_t)(offer->update_encoding & 0xFFu); /* one that does not fit is refused */
  run->config_blob = (uint8_t)config;
  run->config_size = config_size;
  run->config_crc = config_crc;
}

void spw_offer_on_run(spw_client_t *client, const speedwell_RunOffer *offer) {
  const spw_client_config_t *config = client->config;
  const spw_blobs_t blobs = {offer->blob_role,      offer->blob_length,        offer->blob_crc,
                             offer->blob_encoding,  offer->blob_role_count,    offer->blob_length_count,
                             offer->blob_crc_count, offer->blob_encoding_count};
  if ((offer->handle == 0u) || (offer->handle > (uint32_t)SPW_HANDLE_MOST) || (!spw_blobs_good(&blobs))) {
    spw_session_violated(client);
    return;
  }
  adopt(client, offer, &blobs);

  const uint32_t layout = spw_blobs_find(&blobs, (uint32_t)speedwell_Role_ROLE_LAYOUT);
  const bool given = (layout < blobs.role_count);
  const bool differs = given && ((blobs.length[layout] != spw_layout_length(config->trainer)) ||
                                 (blobs.crc[layout] != spw_layout_crc(config->trainer)));
  const uint32_t reason = objection(client, offer, &blobs);
  if (reason != 0u) {
    refuse(client, reason, spw_no_detail());
  } else if (client->run.config_size > config->config_size) {
    refuse_because(client, (uint32_t)speedwell_RefuseReason_REFUSE_CAPACITY, "config");
  } else if ((offer->update_encoding != 0u) &&
             (config->encoding->capacity < (spw_update_size(config->trainer, SPW_UP) / 4u))) {
    refuse_because(client, (uint32_t)speedwell_RefuseReason_REFUSE_CAPACITY, "encoding");
  } else if (differs) {
    spw_task_drop(client);
    spw_layout_begin(&client->layout);
    begin_fetch(client, (uint32_t)speedwell_Role_ROLE_LAYOUT, layout, blobs.length[layout], blobs.crc[layout]);
  } else if ((!given) || (offer->parameter_count != (spw_update_size(config->trainer, SPW_DOWN) / 4u))) {
    refuse_because(client, (uint32_t)speedwell_RefuseReason_REFUSE_LAYOUT, "parameters");
  } else {
    proceed(client);
  }
}

void spw_offer_fetched(spw_client_t *client, bool intact) {
  const uint8_t role = client->fetch.role;
  spw_view_t name = {NULL, 0u};
  client->fetch.role = 0u;
  if (!intact) {
    refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_CHECKSUM, spw_no_detail());
  } else if (role == (uint8_t)speedwell_Role_ROLE_CONFIG) {
    client->run.config_held = true;
    proceed(client);
  } else if (!spw_layout_end(&client->layout, client->config->trainer, &name)) {
    refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_LAYOUT, name);
  } else {
    proceed(client);
  }
}
