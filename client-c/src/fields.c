#include "fields.h"

void spw_fields_begin(spw_field_t *field, const pb_msgdesc_t *message) {
  field->message = message;
  field->index = 0u;
  field->word = 0u;
}

bool spw_field_next(spw_field_t *field) {
  if (field->index >= field->message->field_count) {
    return false;
  }
  const uint32_t *info = &field->message->field_info[field->word];
  const uint32_t first = info[0];
  uint32_t back = 0u;
  field->type = (first >> 8) & 0xFFu;
  field->tag = (first >> 2) & 0x3Fu;
  if ((first & 3u) == 0u) {
    field->elements = 1u;
    field->size = first >> 28;
    field->at = (first >> 16) & 0xFFu;
    back = (first >> 24) & 0x0Fu;
    field->word += 1u;
  } else {
    const uint32_t second = info[1];
    field->elements = (first >> 16) & 0x0FFFu;
    field->tag |= (second >> 28) << 6;
    field->size = (second >> 16) & 0x0FFFu;
    field->at = second & 0xFFFFu;
    back = first >> 28;
    field->word += 2u;
  }
  field->count_at = field->at - back;
  ++field->index;
  return true;
}

bool spw_field_find(spw_field_t *field, const pb_msgdesc_t *message, uint32_t tag) {
  bool found = false;
  spw_fields_begin(field, message);
  while ((!found) && spw_field_next(field)) {
    found = (field->tag == tag);
  }
  return found;
}
