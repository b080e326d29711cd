/* The client's front: making, stepping and stopping it. */
#include "speedwell/client.h"

#include <string.h>

#include "bytes.h"
#include "client_internal.h"
#include "rng.h"
#include "text.h"
#include "update.h"

static bool id_good(const char *id) {
  const uint32_t size = spw_text_length(id, 32u);
  bool good = (size >= 1u) && (size <= 32u);
  for (uint32_t i = 0u; good && (i < size); ++i) {
    good = (id[i] > ' ') && (id[i] <= '~');
  }
  return good;
}

static bool transport_good(const spw_transport_t *transport) {
  return (transport != NULL) && (transport->open != NULL) && (transport->close != NULL) && (transport->send != NULL) &&
         (transport->receive != NULL);
}

static bool trainer_good(const spw_trainer_t *trainer) {
  return (trainer != NULL) && (trainer->tensors != NULL) && (trainer->tensor_count >= 1u) &&
         (trainer->tensor_count <= 65535u) && (trainer->begin != NULL) && (trainer->step != NULL) &&
         (trainer->finish != NULL) && spw_update_check(trainer);
}

static bool encoding_good(const spw_encoding_t *encoding) {
  return (encoding == NULL) ||
         ((encoding->id >= 1u) && (encoding->id <= 31u) && (encoding->base != NULL) && (encoding->element != NULL));
}

static spw_status_t check(const spw_client_config_t *config) {
  spw_status_t status = SPW_OK;
  if ((config == NULL) || (config->size < sizeof(spw_client_config_t)) || (config->device_id == NULL) ||
      (!id_good(config->device_id)) || (!transport_good(config->transport)) || (!trainer_good(config->trainer)) ||
      (!encoding_good(config->encoding)) || (config->receive_buffer == NULL) || (config->send_buffer == NULL) ||
      ((config->config_buffer == NULL) && (config->config_size != 0u)) ||
      ((config->metrics_buffer == NULL) && (config->metrics_size != 0u)) ||
      (config->keep_alive_ms > (uint32_t)SPW_MS_MOST) || (config->backoff_first_ms > (uint32_t)SPW_MS_MOST) ||
      (config->backoff_most_ms > (uint32_t)SPW_MS_MOST)) {
    status = SPW_BAD_ARGUMENT;
  } else if ((config->receive_size < (uint32_t)SPW_FRAME_MIN) || (config->send_size < (uint32_t)SPW_FRAME_MIN)) {
    status = SPW_TOO_SMALL;
  } else {
    /* good */
  }
  return status;
}

spw_status_t spw_client_init(spw_client_t *client, const spw_client_config_t *config) {
  if (client == NULL) {
    return SPW_BAD_ARGUMENT;
  }
  const spw_status_t status = check(config);
  if (status == SPW_OK) {
    (void)memset(client, 0, sizeof(*client));
    client->config = config;
    client->model_valid = true;
    client->send_limit = (uint32_t)SPW_FRAME_MIN;
    client->given.config.bytes = config->config_buffer;
    spw_rng_seed(&client->random, config->seed);
  }
  return status;
}

static SPW_NOINLINE spw_wish_t wish_of(const spw_client_t *client) {
  const bool open = client->session > (uint8_t)SPW_SESSION_OPENING;
  const bool sending = client->sent < client->queued;
  spw_wish_t wish;
  wish.read = open && (!sending);
  wish.write = sending || (client->session == (uint8_t)SPW_SESSION_OPENING);
  wish.cpu =
      spw_work_pending(client) || (open && (!sending) && (spw_link_has_frame(client) || spw_upload_pending(client)));
  wish.wake_at_ms = spw_clock_after(client->now, spw_least(spw_session_wait(client), spw_task_wait(client)));
  return wish;
}

spw_wish_t spw_client_step(spw_client_t *client, uint32_t now_ms, uint32_t slices) {
  client->now = now_ms;
  if (!client->begun) {
    client->begun = true;
    client->deadline = now_ms;
  }
  spw_session_advance(client);
  spw_link_exchange(client, true);
  spw_task_check_time(client);
  if (spw_work_pending(client)) {
    spw_work(client, slices);
    spw_link_exchange(client, false);
  }
  return wish_of(client);
}

void spw_client_stop(spw_client_t *client) {
  spw_task_drop(client);
  if ((client->session == (uint8_t)SPW_SESSION_UP) && (client->sent == client->queued)) {
    spw_link_say(client, speedwell_ToServer_bye_tag, (uint32_t)speedwell_ByeReason_BYE_SHUTDOWN, 0u);
    spw_link_answer(client);
    (void)spw_link_flush(client);
  }
  if (client->session != (uint8_t)SPW_SESSION_WAITING) {
    spw_session_close(client);
  }
  client->run.config_held = false; /* the buffers are the caller's again */
  client->failures = 0u;
  client->begun = false;
}

bool spw_client_model_valid(const spw_client_t *client) {
  return client->model_valid;
}

bool spw_client_connected(const spw_client_t *client) {
  return client->session == (uint8_t)SPW_SESSION_UP;
}

void spw_client_event_detail(const spw_client_t *client, spw_event_kind_t kind, uint32_t number,
                             const spw_view_t *detail) {
  if (client->config->on_event != NULL) {
    const spw_event_t event = {kind, number, *detail};
    client->config->on_event(client->config->application, &event);
  }
}

void spw_client_event(const spw_client_t *client, spw_event_kind_t kind, uint32_t number) {
  const spw_view_t none = {NULL, 0u};
  spw_client_event_detail(client, kind, number, &none);
}

bool spw_client_allowed(const spw_client_t *client) {
  return (client->config->may_train == NULL) || client->config->may_train(client->config->application);
}

bool spw_client_reached(const spw_client_t *client, uint32_t time) {
  return spw_clock_between(time, client->now) <= (uint32_t)SPW_MS_MOST;
}

uint32_t spw_client_wait(const spw_client_t *client, uint32_t time) {
  return spw_client_reached(client, time) ? 0u : spw_clock_between(client->now, time);
}

uint32_t spw_client_kinds(const spw_client_t *client) {
  const uint32_t kinds = client->config->trainer->kinds;
  return (kinds != 0u) ? kinds : (spw_bit((uint32_t)SPW_KIND_TRAIN) | spw_bit((uint32_t)SPW_KIND_EVALUATE));
}
