/*
 * The run's configuration: flat keys and values, read with a default. A key that is absent, or has another type,
 * yields the default. Each call walks the configuration once: O(size). Keys are compared byte by byte.
 */
#ifndef SPEEDWELL_CONFIG_H
#define SPEEDWELL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/trainer.h"
#include "speedwell/view.h"

#ifdef __cplusplus
extern "C" {
#endif

float spw_config_f32(const spw_task_t *task, const char *key, float otherwise);
uint32_t spw_config_u32(const spw_task_t *task, const char *key, uint32_t otherwise);
bool spw_config_bool(const spw_task_t *task, const char *key, bool otherwise);
/* The bytes are a view into the client's configuration buffer, without a final zero. */
spw_view_t spw_config_text(const spw_task_t *task, const char *key, spw_view_t otherwise);

#ifdef __cplusplus
}
#endif

#endif
