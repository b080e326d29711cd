/* Metrics of a result: what a device measured, named, with a weight, so that a cohort's figure is a weighted one. */
#ifndef SPEEDWELL_METRICS_H
#define SPEEDWELL_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/trainer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  SPW_METRIC_MEAN = 1, /* the cohort's figure is sum(weight * value) / sum(weight) */
  SPW_METRIC_SUM = 2,
  SPW_METRIC_MAX = 3
} spw_metric_kind_t;

/* Adds one metric. name: 1..32 bytes; value finite; weight finite and >= 0. false: no room, or an argument out of
 * range; nothing was added. */
bool spw_metric_add(spw_result_t *result, spw_metric_kind_t kind, const char *name, float value, float weight);

#ifdef __cplusplus
}
#endif

#endif
