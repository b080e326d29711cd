/* Blobs: the parallel lists of an offer, and the one blob that is coming down. */
#include <string.h>

#include "client_internal.h"
#include "layout.h"
#include "update.h"

/* MISRA deviation D.4: names are pasted, in assertions only. */
#define PLACE(message_, list_) \
  (offsetof(speedwell_##message_, blob_##list_) - offsetof(speedwell_##message_, blob_role_count))
#define SAME_LISTS(message_)                                                                       \
  _Static_assert((PLACE(message_, role) == offsetof(spw_blobs_t, role)) &&                         \
                     (PLACE(message_, length_count) == offsetof(spw_blobs_t, length_count)) &&     \
                     (PLACE(message_, length) == offsetof(spw_blobs_t, length)) &&                 \
                     (PLACE(message_, crc_count) == offsetof(spw_blobs_t, crc_count)) &&           \
                     (PLACE(message_, crc) == offsetof(spw_blobs_t, crc)) &&                       \
                     (PLACE(message_, encoding_count) == offsetof(spw_blobs_t, encoding_count)) && \
                     (PLACE(message_, encoding) == offsetof(spw_blobs_t, encoding)),               \
                 "the lists lie in " #message_ " as in spw_blobs_t")
SAME_LISTS(RunOffer);
SAME_LISTS(Task);

void spw_blobs_of(spw_blobs_t *blobs, const void *message, size_t offset) {
  const uint8_t *bytes = (const uint8_t *)message; /* MISRA deviation D.1 */
  (void)memcpy(blobs, &bytes[offset], offsetof(spw_blobs_t, encoding) + sizeof(blobs->encoding));
}

bool spw_blobs_good(const spw_blobs_t *blobs) {
  bool good = (blobs->role_count == blobs->length_count) && (blobs->role_count == blobs->crc_count) &&
              ((blobs->encoding_count == 0u) || (blobs->encoding_count == blobs->role_count));
  for (uint32_t i = 0u; good && (i < blobs->role_count); ++i) {
    good = (blobs->length[i] >= 1u) && (blobs->length[i] <= 0x7FFFFFFFu) && (blobs->role[i] != 0u) &&
           (spw_blobs_find(blobs, blobs->role[i]) == i);
  }
  return good;
}

uint32_t spw_blobs_find(const spw_blobs_t *blobs, uint32_t role) {
  uint32_t index = 0u;
  while ((index < blobs->role_count) && (blobs->role[index] != role)) {
    ++index;
  }
  return index;
}

bool spw_blobs_plain(const spw_blobs_t *blobs) {
  uint32_t any = 0u;
  for (uint32_t i = 0u; i < blobs->encoding_count; ++i) {
    any |= blobs->encoding[i];
  }
  return any == 0u;
}

void spw_fetch_begin(spw_client_t *client, const spw_blob_key_t *key, uint32_t blob, uint32_t expected) {
  spw_fetch_t *fetch = &client->fetch;
  fetch->offset = 0u;
  fetch->length = key->length;
  fetch->crc = spw_crc_blob(key);
  fetch->expected = expected;
  fetch->blob = (uint8_t)blob;
  fetch->role = (uint8_t)key->role;
}

static bool of_task(const spw_fetch_t *fetch) {
  return fetch->role == (uint8_t)speedwell_Role_ROLE_PARAMETERS;
}

static uint32_t fetch_handle(const spw_client_t *client) {
  return of_task(&client->fetch) ? client->task.handle : client->run.handle;
}

void spw_fetch_grant(spw_client_t *client) {
  speedwell_ToServer message;
  speedwell_Grant *grant = &message.message.grant;
  spw_link_start(&message, speedwell_ToServer_grant_tag);
  grant->handle = fetch_handle(client);
  grant->blob = client->fetch.blob;
  grant->offset = client->fetch.offset;
  grant->length = client->fetch.length - client->fetch.offset;
  spw_link_send(client, &message);
}

static void keep(spw_client_t *client, spw_view_t data) {
  const spw_client_config_t *config = client->config;
  const uint32_t at = client->fetch.offset;
  if (of_task(&client->fetch)) {
    client->model_valid = false;
    spw_update_write(config->trainer, at, data.bytes, data.size);
  } else if (client->fetch.role == (uint8_t)speedwell_Role_ROLE_CONFIG) {
    (void)memcpy(&config->config_buffer[at], data.bytes, data.size);
  } else {
    spw_layout_compare(&client->layout, config->trainer, data.bytes, data.size);
  }
}

void spw_fetch_on_chunk(spw_client_t *client, const speedwell_Chunk *chunk) {
  spw_fetch_t *fetch = &client->fetch;
  if ((chunk->handle == 0u) || ((chunk->handle != client->run.handle) && (chunk->handle != client->task.handle))) {
    return; /* it crossed a refusal of ours, or is for what we dropped */
  }
  if ((fetch->role == 0u) || (chunk->handle != fetch_handle(client)) || (chunk->blob != fetch->blob) ||
      (chunk->offset != fetch->offset) || (chunk->data.size == 0u) ||
      (chunk->data.size > (fetch->length - fetch->offset))) {
    spw_session_violated(client);
    return;
  }
  keep(client, chunk->data);
  fetch->crc = spw_crc_add(fetch->crc, chunk->data.bytes, chunk->data.size);
  fetch->offset += chunk->data.size;
  if (fetch->offset == fetch->length) {
    const bool intact = (spw_crc_end(fetch->crc) == fetch->expected);
    if (of_task(fetch)) {
      fetch->role = 0u;
      spw_task_fetched(client, intact);
    } else {
      spw_offer_fetched(client, intact);
    }
  }
}
