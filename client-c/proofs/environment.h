/* What the harnesses share: values that may be anything, and a receive buffer of the smallest size allowed. */
#ifndef PROOFS_ENVIRONMENT_H
#define PROOFS_ENVIRONMENT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "__fc_builtin.h"
#include "codec.h"
#include "frame.h"
#include "speedwell.pb.h"
#include "speedwell/client.h"

extern volatile uint32_t any_u32;
volatile uint32_t any_u32;
static uint8_t received_bytes[SPW_FRAME_MIN];

#endif
