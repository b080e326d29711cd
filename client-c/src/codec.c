#include "codec.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "bytes.h"
#include "fields.h"
#include "speedwell.pb.h"

_Static_assert(sizeof(bool) == 1u, "a bool is one byte, as a role in a list is");

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

/* The list that writers omit when all its elements are 0 has one number wherever it occurs. */
_Static_assert((speedwell_RunOffer_blob_encoding_tag == speedwell_Result_blob_encoding_tag) &&
                   (speedwell_Task_blob_encoding_tag == speedwell_Result_blob_encoding_tag),
               "blob_encoding has the same number in every message");

static bool is_list(const spw_field_t *field) {
  return PB_HTYPE(field->type) == PB_HTYPE_REPEATED;
}

/* The wire type of a single value of nanopb's type: bool, (u)int32, sint32, fixed32, fixed64, bytes. */
static uint32_t wire_of(uint32_t ltype) {
  static const uint8_t wires[8] = {0u, 0u, 0u, 0u, (uint8_t)WIRE_32, (uint8_t)WIRE_64, (uint8_t)WIRE_BYTES, 0u};
  return wires[ltype & 7u];
}

/* Decoding. */

bool spw_take_varint(spw_span_t *in, uint32_t *value, bool *wide) {
  uint32_t at = in->at;
  uint32_t sum = 0u;
  uint32_t count = 0u;
  uint32_t byte = 0x80u;
  *wide = false;
  while (byte >= 0x80u) {
    if ((at >= in->end) || (count >= 10u)) {
      return false;
    }
    byte = in->base[at];
    if (count < 4u) {
      sum |= (byte & 0x7Fu) << (7u * count);
    } else {
      sum |= (count == 4u) ? ((byte & 0x0Fu) << 28) : 0u;
      *wide = (count > 4u) || ((byte & 0x70u) != 0u); /* the last byte decides: it is not 0 */
    }
    ++at;
    ++count;
  }
  in->at = at;
  *value = sum;
  return ((byte != 0u) || (count == 1u)) && ((count < 10u) || (byte == 1u));
}

static bool take_u32(spw_span_t *in, uint32_t *value) {
  bool wide = false;
  return spw_take_varint(in, value, &wide) && (!wide);
}

static bool take_key(spw_span_t *in, uint32_t *number, uint32_t *wire) {
  uint32_t key = 0u;
  const bool good = take_u32(in, &key);
  *number = key >> 3;
  *wire = key & 7u;
  return good && (*number != 0u);
}

/* One value as it stands on the wire, of whatever field: a varint, or the bytes of the other wire types. */
typedef struct {
  spw_span_t bytes;
  uint32_t number; /* the varint, or how many bytes there are */
  bool wide;
} value_t;

static bool take_value(spw_span_t *in, uint32_t wire, value_t *value) {
  uint32_t size = 4u;
  bool good = true;
  if (wire == (uint32_t)WIRE_VARINT) {
    return spw_take_varint(in, &value->number, &value->wide);
  }
  if (wire == (uint32_t)WIRE_BYTES) {
    good = take_u32(in, &size);
  } else if (wire == (uint32_t)WIRE_64) {
    size = 8u;
  } else {
    good = (wire == (uint32_t)WIRE_32);
  }
  if ((!good) || (size > in->end) || ((in->at + size) > in->end)) {
    return false;
  }
  value->number = size;
  value->bytes.base = in->base;
  value->bytes.at = in->at;
  in->at += size;
  value->bytes.end = in->at;
  return true;
}

/* One number of a field into memory; false: out of the field's range. */
static bool store_number(const spw_field_t *field, const value_t *value, uint8_t *to) {
  const uint32_t ltype = PB_LTYPE(field->type);
  bool good = true;
  if (wire_of(ltype) != (uint32_t)WIRE_VARINT) {
    spw_copy_number(to, &value->bytes.base[value->bytes.at], field->size);
  } else if (field->size == 1u) { /* a bool, or a role or an encoding in a list */
    *to = (uint8_t)(value->number & 0xFFu);
    good = (!value->wide) && (value->number <= ((ltype == PB_LTYPE_BOOL) ? 1u : 0xFFu));
  } else {
    (void)memcpy(to, &value->number, sizeof(value->number));
    good = !value->wide;
  }
  return good;
}

static bool store_list(const spw_field_t *field, spw_span_t *list, uint8_t *body) {
  const uint32_t wire = wire_of(PB_LTYPE(field->type));
  pb_size_t count = 0u;
  while (list->at < list->end) {
    value_t value;
    if ((count >= field->elements) || (!take_value(list, wire, &value)) ||
        (!store_number(field, &value, &body[field->at + (count * field->size)]))) {
      return false;
    }
    ++count;
  }
  (void)memcpy(&body[field->count_at], &count, sizeof(count));
  return true;
}

/* The most bytes a bytes field may have; nanopb's descriptors do not say it for views. */
static uint32_t bytes_limit(const pb_msgdesc_t *message) {
  uint32_t limit = 64u; /* detail */
  if (message == &speedwell_Hello_msg) {
    limit = 32u; /* device_id, opcodes */
  } else if (message == &speedwell_Chunk_msg) {
    limit = UINT32_MAX; /* data: the frame limits it */
  } else {
    /* Refuse, Bye */
  }
  return limit;
}

static bool store(const spw_field_t *field, uint32_t wire, value_t *value, uint8_t *body) {
  const uint32_t ltype = PB_LTYPE(field->type);
  bool good = false;
  if (wire != (is_list(field) ? (uint32_t)WIRE_BYTES : wire_of(ltype))) {
    good = false;
  } else if (is_list(field)) {
    good = store_list(field, &value->bytes, body);
  } else if (ltype == PB_LTYPE_BYTES) {
    const spw_view_t view = {&value->bytes.base[value->bytes.at], value->number};
    (void)memcpy(&body[field->at], &view, sizeof(view));
    good = view.size <= bytes_limit(field->message);
  } else {
    good = store_number(field, value, &body[field->at]);
  }
  return good;
}

static bool take_body(spw_span_t *in, const pb_msgdesc_t *message, uint8_t *body) {
  uint32_t seen = 0u;
  bool good = true;
  while (good && (in->at < in->end)) {
    uint32_t number = 0u;
    uint32_t wire = 0u;
    value_t value;
    spw_field_t field;
    good = take_key(in, &number, &wire) && take_value(in, wire, &value);
    if (good && spw_field_find(&field, message, number)) { /* an unknown field is skipped */
      const uint32_t bit = 1u << (field.index & 31u);
      good = ((seen & bit) == 0u) && store(&field, wire, &value, body);
      seen |= bit;
    }
  }
  return good;
}

/* The message behind a member of the oneof: all its members are messages. */
static const pb_msgdesc_t *body_of(const spw_field_t *member) {
  return member->message->submsg_info[member->index - 1u];
}

spw_decoded_t spw_decode(const pb_msgdesc_t *outer, const spw_span_t *bytes, void *message, uint32_t *number) {
  uint8_t *to = (uint8_t *)message;
  spw_span_t in = *bytes;
  value_t body;
  uint32_t wire = 0u;
  spw_field_t member;
  spw_decoded_t decoded = SPW_MALFORMED;
  *number = 0u;
  /* Exactly one member: a second one would leave bytes behind the first. */
  if (take_key(&in, number, &wire) && (wire == (uint32_t)WIRE_BYTES) && take_value(&in, wire, &body) &&
      (in.at == in.end)) {
    if (!spw_field_find(&member, outer, *number)) {
      decoded = SPW_UNKNOWN;
    } else {
      const pb_size_t which = (pb_size_t)member.tag;
      (void)memcpy(&to[member.count_at], &which, sizeof(which));
      if (take_body(&body.bytes, body_of(&member), &to[member.at])) {
        decoded = SPW_DECODED;
      }
    }
  }
  return decoded;
}

/* Encoding. */

/* Where bytes go; what is beyond capacity is only counted. */
typedef struct {
  uint8_t *bytes;
  uint32_t capacity;
  uint32_t size;
} sink_t;

static void put_bytes(sink_t *out, const uint8_t *bytes, uint32_t size) {
  if ((bytes != NULL) && (out->size <= out->capacity) && (size <= (out->capacity - out->size))) {
    (void)memcpy(&out->bytes[out->size], bytes, size);
  }
  out->size += size;
}

uint32_t spw_put_varint(uint8_t bytes[5], uint32_t value) {
  uint32_t rest = value;
  uint32_t size = 0u;
  while (rest > 0x7Fu) {
    bytes[size] = (uint8_t)((rest & 0x7Fu) | 0x80u);
    rest >>= 7;
    ++size;
  }
  bytes[size] = (uint8_t)rest;
  return size + 1u;
}

static void put_u32(sink_t *out, uint32_t value) {
  uint8_t bytes[5];
  const uint32_t size = spw_put_varint(bytes, value);
  put_bytes(out, bytes, size);
}

static void put_number(sink_t *out, uint32_t ltype, uint32_t size, const uint8_t *from) {
  if (wire_of(ltype) != (uint32_t)WIRE_VARINT) {
    uint8_t wire[8];
    spw_copy_number(wire, from, size);
    put_bytes(out, wire, size);
  } else {
    uint32_t value = from[0];
    if (size != 1u) {
      (void)memcpy(&value, from, sizeof(value)); /* MISRA deviation D.3 */
    }
    put_u32(out, value);
  }
}

static void put_numbers(sink_t *out, const spw_field_t *field, const uint8_t *from, uint32_t count) {
  for (uint32_t i = 0u; i < count; ++i) {
    put_number(out, PB_LTYPE(field->type), field->size, &from[i * field->size]);
  }
}

static bool all_zero(const uint8_t *bytes, uint32_t size) {
  uint32_t any = 0u;
  for (uint32_t i = 0u; i < size; ++i) {
    any |= bytes[i];
  }
  return any == 0u;
}

/* How many numbers of the field are written: 0 leaves it out. */
static uint32_t numbers_of(const spw_field_t *field, const uint8_t *body) {
  uint32_t count = 1u;
  bool may_be_zero = false;
  if (is_list(field)) {
    pb_size_t held = 0u;
    (void)memcpy(&held, &body[field->count_at], sizeof(held));
    count = spw_least(held, field->elements);
    may_be_zero = (field->tag != (uint32_t)speedwell_Result_blob_encoding_tag);
  }
  if ((!may_be_zero) && all_zero(&body[field->at], count * field->size)) {
    count = 0u;
  }
  return count;
}

static void put_field(sink_t *out, const spw_field_t *field, const uint8_t *body) {
  const uint32_t ltype = PB_LTYPE(field->type);
  const uint32_t key = field->tag << 3;
  const uint32_t bytes_key = key | (uint32_t)WIRE_BYTES;
  const uint8_t *from = &body[field->at];
  if (ltype == PB_LTYPE_BYTES) {
    spw_view_t view = {NULL, 0u};
    (void)memcpy(&view, from, sizeof(view));
    if (view.size > 0u) {
      put_u32(out, bytes_key);
      put_u32(out, view.size);
      put_bytes(out, view.bytes, view.size);
    }
  } else {
    const uint32_t count = numbers_of(field, body);
    if (count > 0u) {
      put_u32(out, is_list(field) ? bytes_key : (key | wire_of(ltype)));
      if (is_list(field)) {
        sink_t measured = {NULL, 0u, 0u};
        put_numbers(&measured, field, from, count);
        put_u32(out, measured.size);
      }
      put_numbers(out, field, from, count);
    }
  }
}

static void put_body(sink_t *out, const pb_msgdesc_t *message, const uint8_t *body) {
  spw_field_t field;
  spw_fields_begin(&field, message);
  while (spw_field_next(&field)) {
    put_field(out, &field, body);
  }
}

uint32_t spw_encode(const pb_msgdesc_t *outer, const void *message, uint8_t *bytes, uint32_t capacity) {
  const uint8_t *from = (const uint8_t *)message;
  sink_t out = {bytes, capacity, 0u};
  sink_t measured = {NULL, 0u, 0u};
  spw_field_t member;
  pb_size_t which = 0u;
  spw_fields_begin(&member, outer);
  if (spw_field_next(&member)) {
    (void)memcpy(&which, &from[member.count_at], sizeof(which));
  }
  if (spw_field_find(&member, outer, which)) { /* not for 0, which is nobody's tag */
    put_body(&measured, body_of(&member), &from[member.at]);
    put_u32(&out, (member.tag << 3) | (uint32_t)WIRE_BYTES);
    put_u32(&out, measured.size);
    put_body(&out, body_of(&member), &from[member.at]);
  }
  return out.size;
}
