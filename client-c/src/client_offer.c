/* The run of this connection: the server's offer, its layout and its configuration. */
#include <string.h>

#include "client_internal.h"
#include "layout.h"
#include "update.h"

/* name: the tensor that differs, or NULL. */
static void refuse(spw_client_t *client, uint32_t reason, const spw_view_t *name) {
  spw_link_refuse(client, client->run.handle, reason, name);
  spw_task_drop(client);
  spw_offer_drop(client);
}

/* True if every blob of the offer has a role that the device takes in an offer. */
static bool roles_good(const spw_client_t *client, const spw_blobs_t *blobs) {
  bool good = true;
  for (uint32_t i = 0u; good && (i < spw_blobs_count(blobs)); ++i) {
    const uint32_t role = spw_blobs_role(blobs, i);
    good = (role == (uint32_t)speedwell_Role_ROLE_LAYOUT) ||
           ((role == (uint32_t)speedwell_Role_ROLE_CONFIG) && (client->config->config_size > 0u));
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

static void proceed(spw_client_t *client) {
  spw_link_say(client, speedwell_ToServer_run_ready_tag, client->run.handle, 0u);
}

void spw_offer_answer(spw_client_t *client) {
  spw_run_t *run = &client->run;
  const spw_trainer_t *trainer = client->config->trainer;
  run->layout_known = run->layout_known || ((run->layout_size == spw_layout_length(trainer)) &&
                                            (run->layout_crc == spw_layout_crc(trainer)));
  if (!run->layout_known) {
    spw_task_drop(client);
    spw_layout_begin(&client->layout);
    spw_fetch_begin(client, (uint32_t)speedwell_Role_ROLE_LAYOUT, run->layout_blob, run->layout_size, run->layout_crc);
  } else if (!run->counts) {
    refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_LAYOUT, NULL);
  } else if (!run->config_held) {
    spw_fetch_begin(client, (uint32_t)speedwell_Role_ROLE_CONFIG, run->config_blob, run->config_size, run->config_crc);
  } else {
    run->ready = true;
  }
}

/* True if the device writes the updates that the run wants. */
static bool encoding_good(const spw_client_t *client, uint32_t wanted) {
  const spw_encoding_t *encoding = client->config->encoding;
  return (wanted == 0u) || ((encoding != NULL) && (encoding->id == wanted) &&
                            ((4u * (uint64_t)encoding->capacity) >= spw_update_size(client->config->trainer, SPW_UP)));
}

/* The first reason against the run that needs no blob, in the protocol's order; 0: none. */
static uint32_t objection(const spw_client_t *client, const speedwell_RunOffer *offer, const spw_blobs_t *blobs) {
  uint32_t reason = 0u;
  if (offer->features != 0u) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_FEATURE;
  } else if ((offer->kinds & ~spw_client_kinds(client)) != 0u) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_KIND;
  } else if (!roles_good(client, blobs)) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_ROLE;
  } else if ((offer->numerics != 0u) && (offer->numerics != client->config->trainer->numerics)) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_NUMERICS;
  } else if ((!spw_blobs_plain(blobs)) || (!encoding_good(client, offer->update_encoding))) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_ENCODING;
  } else if (client->run.config_size > client->config->config_size) {
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_CAPACITY;
  } else if (client->run.layout_size == 0u) { /* there is none */
    reason = (uint32_t)speedwell_RefuseReason_REFUSE_LAYOUT;
  } else {
    /* none */
  }
  return reason;
}

/* Takes over what the offer says; a task of another run, or of this one under another configuration, is dropped. */
static void adopt(spw_client_t *client, const speedwell_RunOffer *offer, const spw_blobs_t *blobs) {
  spw_run_t *run = &client->run;
  const uint32_t layout = spw_blobs_find(blobs, (uint32_t)speedwell_Role_ROLE_LAYOUT);
  const uint32_t config = spw_blobs_find(blobs, (uint32_t)speedwell_Role_ROLE_CONFIG);
  const uint32_t config_size = spw_blobs_length(blobs, config); /* all 0 without one */
  const uint32_t config_crc = spw_blobs_crc(blobs, config);
  const bool same = (config_size == run->config_size) && (config_crc == run->config_crc);
  run->config_held = (config_size == 0u) || (run->config_held && same);
  if ((run->id != offer->run_id) || (run->encoding != offer->update_encoding) || (!run->config_held)) {
    spw_task_drop(client);
  }
  spw_offer_drop(client);
  run->id = offer->run_id;
  run->handle = offer->handle;
  run->encoding = (uint8_t)(offer->update_encoding & 0xFFu); /* one that does not fit is refused */
  run->layout_known = false;
  run->layout_blob = (uint8_t)layout;
  run->layout_size = spw_blobs_length(blobs, layout);
  run->layout_crc = spw_blobs_crc(blobs, layout);
  run->config_blob = (uint8_t)config;
  run->config_size = config_size;
  run->config_crc = config_crc;
  run->counts = (offer->parameter_count == (spw_update_size(client->config->trainer, SPW_DOWN) / 4u));
}

void spw_offer_on_run(spw_client_t *client, const speedwell_RunOffer *offer) {
  const spw_blobs_t blobs = {&offer->blob_role, &offer->blob_length, &offer->blob_crc, &offer->blob_encoding};
  if ((offer->handle == 0u) || (offer->handle > (uint32_t)SPW_HANDLE_MOST) || (!spw_blobs_good(&blobs))) {
    spw_session_violated(client);
    return;
  }
  adopt(client, offer, &blobs);
  const uint32_t reason = objection(client, offer, &blobs);
  if (reason != 0u) {
    refuse(client, reason, NULL);
  } else {
    proceed(client);
  }
}

void spw_offer_fetched(spw_client_t *client, bool intact) {
  const bool config = (client->fetch.role == (uint8_t)speedwell_Role_ROLE_CONFIG);
  spw_view_t name = {NULL, 0u};
  client->fetch.role = 0u;
  if (!intact) {
    refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_CHECKSUM, NULL);
  } else if (config) {
    client->run.config_held = true;
    proceed(client);
  } else { /* a layout with the checksum of ours is not fetched: this one differs */
    (void)spw_layout_end(&client->layout, client->config->trainer, &name);
    refuse(client, (uint32_t)speedwell_RefuseReason_REFUSE_LAYOUT, &name);
  }
}
