/* Blobs: the parallel lists of an offer, and the one blob that is coming down. */
#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "codec.h"
#include "layout.h"
#include "update.h"

/* Elements of a packed list of varints: the last byte of each has no continuation bit. */
static uint32_t count_of(const spw_view_t *list) {
  uint32_t count = 0u;
  //@ loop unroll 40;
  for (uint32_t i = 0u; i < list->size; ++i) {
    count += (list->bytes[i] < 0x80u) ? 1u : 0u;
  }
  return count;
}

/* The element at `index` of a list that the codec has checked; 0: there is none. */
static uint32_t element(const spw_view_t *list, uint32_t index) {
  uint32_t value = 0u;
  uint32_t shift = 0u;
  uint32_t passed = 0u;
  //@ loop unroll 40;
  for (uint32_t i = 0u; i < list->size; ++i) {
    const uint32_t byte = list->bytes[i];
    //@ split shift;
    value |= (byte & ((shift < 28u) ? 0x7Fu : 0x0Fu)) << shift;
    //@ merge shift;
    shift = spw_least(shift + 7u, 28u);
    if (byte < 0x80u) {
      if (passed == index) {
        return value;
      }
      ++passed;
      value = 0u;
      shift = 0u;
    }
  }
  return 0u;
}

uint32_t spw_blobs_count(const spw_blobs_t *blobs) {
  return blobs->crc->size / 4u;
}

uint32_t spw_blobs_role(const spw_blobs_t *blobs, uint32_t index) {
  return element(blobs->role, index);
}

uint32_t spw_blobs_length(const spw_blobs_t *blobs, uint32_t index) {
  const uint32_t length = element(blobs->length, index);
  return (length <= (uint32_t)SPW_LENGTH_MOST) ? length : 0u;
}

uint32_t spw_blobs_crc(const spw_blobs_t *blobs, uint32_t index) {
  uint32_t crc = 0u;
  if (index < spw_blobs_count(blobs)) {
    spw_copy_number((uint8_t *)&crc, &blobs->crc->bytes[4u * index], 4u);
  }
  return crc;
}

uint32_t spw_blobs_find(const spw_blobs_t *blobs, uint32_t role) {
  uint32_t index = 0u;
  //@ loop unroll 9;
  while ((index < spw_blobs_count(blobs)) && (spw_blobs_role(blobs, index) != role)) {
    ++index;
  }
  return index;
}

bool spw_blobs_good(const spw_blobs_t *blobs) {
  const uint32_t count = spw_blobs_count(blobs);
  bool good = (count_of(blobs->role) == count) && (count_of(blobs->length) == count) &&
              ((blobs->encoding->size == 0u) || (count_of(blobs->encoding) == count));
  for (uint32_t i = 0u; good && (i < count); ++i) {
    const uint32_t role = spw_blobs_role(blobs, i);
    good = (role != 0u) && (spw_blobs_length(blobs, i) != 0u) && (spw_blobs_find(blobs, role) == i);
  }
  return good;
}

bool spw_blobs_plain(const spw_blobs_t *blobs) {
  uint32_t any = 0u;
  for (uint32_t i = 0u; i < blobs->encoding->size; ++i) {
    any |= blobs->encoding->bytes[i];
  }
  return any == 0u;
}

uint32_t spw_blobs_start(const spw_client_t *client, uint32_t role, uint32_t encoding, uint32_t length) {
  spw_blob_key_t key = {0u, role, encoding, 0u, 0u, length};
  if (role >= (uint32_t)speedwell_Role_ROLE_PARAMETERS) { /* below are constants */
    key.run_id = client->run.id;
    key.round = client->given.round;
    key.update_id = client->task.update_id;
  }
  return spw_crc_blob(&key);
}

void spw_fetch_begin(spw_client_t *client, uint32_t role, uint32_t blob, uint32_t length, uint32_t expected) {
  spw_fetch_t *fetch = &client->fetch;
  fetch->offset = 0u;
  fetch->length = length;
  fetch->expected = expected;
  fetch->blob = (uint8_t)blob;
  fetch->role = (uint8_t)role;
  spw_fetch_grant(client);
}

static bool of_task(const spw_fetch_t *fetch) {
  return fetch->role == (uint8_t)speedwell_Role_ROLE_PARAMETERS;
}

static uint32_t fetch_handle(const spw_client_t *client) {
  return of_task(&client->fetch) ? client->task.handle : client->run.handle;
}

void spw_fetch_grant(spw_client_t *client) {
  spw_link_say(client, speedwell_ToServer_grant_tag, 0u, 0u);
}

void spw_fetch_send_grant(spw_client_t *client) {
  spw_fetch_t *fetch = &client->fetch;
  const speedwell_Grant grant = {fetch_handle(client), fetch->blob, fetch->offset,
                                 spw_minus(fetch->length, fetch->offset)};
  if (fetch->offset == 0u) {
    fetch->crc = spw_blobs_start(client, fetch->role, 0u, fetch->length);
  }
  spw_link_send(client, speedwell_ToServer_grant_tag, &grant);
}

static void keep(spw_client_t *client, spw_view_t data) {
  const spw_client_config_t *config = client->config;
  const uint32_t at = client->fetch.offset;
  if (of_task(&client->fetch)) {
    client->model_valid = false;
    spw_update_write(config->trainer, at, data.bytes, data.size);
  } else if (client->fetch.role == (uint8_t)speedwell_Role_ROLE_CONFIG) {
    const uint32_t from = spw_least(at, config->config_size);
    //@ split from;
    (void)memcpy(&config->config_buffer[from], data.bytes, spw_least(data.size, config->config_size - from));
    //@ merge from;
  } else {
    spw_layout_compare(&client->layout, config->trainer, data.bytes, data.size);
  }
}

void spw_fetch_on_chunk(spw_client_t *client, const speedwell_Chunk *chunk) {
  spw_fetch_t *fetch = &client->fetch;
  if ((chunk->handle == 0u) || ((chunk->handle != client->run.handle) && (chunk->handle != client->task.handle))) {
    return; /* it crossed a refusal of ours, or is for what we dropped */
  }
  const uint32_t end = fetch->offset + chunk->data.size; /* below 2^32: both are below 2^31 */
  if ((fetch->role == 0u) || (chunk->handle != fetch_handle(client)) || (chunk->blob != fetch->blob) ||
      (chunk->offset != fetch->offset) || (chunk->data.size == 0u) || (end > fetch->length)) {
    spw_session_violated(client);
    return;
  }
  keep(client, chunk->data);
  fetch->crc = spw_crc_add(fetch->crc, chunk->data.bytes, chunk->data.size);
  fetch->offset = end;
  if (end == fetch->length) {
    const bool intact = (spw_crc_end(fetch->crc) == fetch->expected);
    if (of_task(fetch)) {
      fetch->role = 0u;
      spw_task_fetched(client, intact);
    } else {
      spw_offer_fetched(client, intact);
    }
  }
}
