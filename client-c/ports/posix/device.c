/* A whole device in one object. */
#include <string.h>

#include "speedwell/posix.h"

spw_status_t spw_posix_device_run(spw_posix_device_t *device, const char *server, const char *id,
                                  const spw_trainer_t *trainer, const volatile sig_atomic_t *stop) {
  spw_status_t status = spw_posix_tcp_init(&device->tcp, server);
  if (status == SPW_OK) {
    spw_client_config_t *config = &device->config;
    (void)memset(config, 0, sizeof *config);
    config->size = (uint32_t)sizeof *config;
    config->device_id = id;
    config->transport = &device->tcp.transport;
    config->trainer = trainer;
    config->receive_buffer = device->receive;
    config->receive_size = (uint32_t)sizeof device->receive;
    config->send_buffer = device->send;
    config->send_size = (uint32_t)sizeof device->send;
    config->config_buffer = device->settings;
    config->config_size = (uint32_t)sizeof device->settings;
    config->metrics_buffer = device->metrics;
    config->metrics_size = (uint32_t)sizeof device->metrics;
    config->seed = spw_posix_seed();
    status = spw_client_init(&device->client, config);
  }
  if (status == SPW_OK) {
    spw_posix_run(&device->client, &device->tcp, 0u, stop);
  }
  return status;
}
