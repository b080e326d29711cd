/*
 * The messages of speedwell.proto as tables: two bytes for each field, made at compile time from the field lists and
 * structs that nanopb generates. Of nanopb itself nothing is linked.
 */
#ifndef SPW_MESSAGES_H
#define SPW_MESSAGES_H

#include <stdint.h>

/* What a field holds, and with it its wire type and its limits. Lists are packed; they and bytes are views. */
typedef enum {
  SPW_FIELD_U32 = 0,
  SPW_FIELD_BOOL = 1,
  SPW_FIELD_32 = 2, /* fixed32, float */
  SPW_FIELD_64 = 3, /* fixed64 */
  SPW_FIELD_BYTES_32 = 4,
  SPW_FIELD_BYTES_64 = 5,
  SPW_FIELD_DATA = 6,    /* bytes; the frame is their limit */
  SPW_FIELD_LIST_U8 = 7, /* uint32 up to 255: roles, encodings */
  SPW_FIELD_LIST_U32 = 8,
  SPW_FIELD_LIST_32 = 9 /* fixed32 */
} spw_field_type_t;

/* A field: its number, its type, and where it lies in the struct of its message. */
typedef uint16_t spw_field_t;

/*@ assigns \nothing; */
static inline uint32_t spw_field_number(spw_field_t field) {
  return (uint32_t)field & 0x3Fu;
}

static inline uint32_t spw_field_type(spw_field_t field) {
  return ((uint32_t)field >> 6) & 0x0Fu;
}

static inline uint32_t spw_field_offset(spw_field_t field) {
  return ((uint32_t)field >> 10) * 4u;
}

/* The messages of one direction: the oneof of ToServer or ToDevice. */
typedef struct {
  const spw_field_t *const
      *members; /* by outer number - 1; each is the number of its fields (at most 32), then those */
  uint32_t count;
  uint32_t size; /* of the largest body, bytes */
} spw_outer_t;

extern const spw_outer_t spw_to_server;
extern const spw_outer_t spw_to_device;

#endif
