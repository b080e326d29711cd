/* Fields: a walk over one message's fields in nanopb's generated descriptors, of which it reads the formats of one and
 * two words: the generator's `AUTO` width makes no others. Offsets, not pointers: the caller indexes its own struct. */
#ifndef SPW_FIELDS_H
#define SPW_FIELDS_H

#include <pb.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  const pb_msgdesc_t *message;
  uint32_t index; /* of the next field, and where its words begin */
  uint32_t word;
  /* The field at hand. */
  uint32_t tag;
  uint32_t type;     /* nanopb's */
  uint32_t elements; /* the most that a list holds; otherwise 1 */
  uint32_t size;     /* of one element in the struct */
  uint32_t at;       /* where it lies in the struct */
  uint32_t count_at; /* where the number of a list's elements lies, or the tag of a oneof */
} spw_field_t;

void spw_fields_begin(spw_field_t *field, const pb_msgdesc_t *message);

/* The next field; false: there is none. */
bool spw_field_next(spw_field_t *field);

/* The field with this tag; false: there is none. */
bool spw_field_find(spw_field_t *field, const pb_msgdesc_t *message, uint32_t tag);

#endif
