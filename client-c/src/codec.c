#include "codec.h"

#include <stddef.h>
#include <string.h>

#include "bytes.h"
#include "speedwell.pb.h"

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5, LIST_MOST = 8 };

_Static_assert(sizeof(bool) == 1u, "a bool is written as a byte");
_Static_assert((speedwell_RunOffer_blob_encoding_tag == speedwell_Result_blob_encoding_tag) &&
                   (speedwell_Task_blob_encoding_tag == speedwell_Result_blob_encoding_tag),
               "the list that is left out when all its elements are 0 has one number wherever it occurs");

static uint32_t wire_of(uint32_t type) {
  static const uint8_t scalars[4] = {(uint8_t)WIRE_VARINT, (uint8_t)WIRE_VARINT, (uint8_t)WIRE_32, (uint8_t)WIRE_64};
  return (type < (uint32_t)SPW_FIELD_BYTES_32) ? scalars[type] : (uint32_t)WIRE_BYTES;
}

/* Decoding. */

bool spw_take_varint(spw_span_t *in, uint32_t *value, bool *wide) {
  uint32_t at = in->at;
  uint32_t sum = 0u;
  uint32_t count = 0u;
  uint32_t byte = 0x80u;
  *wide = false;
  /*@ loop invariant taken: count <= 10 && at == in->at + count && (count > 0 ==> at <= in->end);
      loop invariant going_on: count == 0 ==> byte >= 0x80;
      loop assigns at, sum, count, byte, *wide;
      loop variant 10 - count; */
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

/*@ requires spw_readable(in) && \valid(in) && \valid(value) && \separated(in, value, in->base + (0 .. in->end - 1));
    assigns in->at, *value;
    ensures progress: \result ==> \old(in->at) < in->at <= in->end;
    ensures untouched: in->at == \old(in->at) ==> *value == \old(*value); */
static bool take_u32(spw_span_t *in, uint32_t *value) {
  bool wide = false;
  return spw_take_varint(in, value, &wide) && (!wide);
}

/* One field as it stands on the wire: its number and wire type, and a varint or the span of the bytes of the other wire
 * types. */
typedef struct {
  uint32_t field;
  uint32_t wire;
  uint32_t end;    /* of the bytes */
  uint32_t number; /* the varint, or how many bytes there are */
  bool wide;       /* the varint has more than 32 bits */
} value_t;

/*@ requires \valid_read(value);
    assigns \nothing;
    ensures value->number <= value->end ==> \result + value->number == value->end; */
static uint32_t begin_of(const value_t *value) {
  return spw_minus(value->end, value->number);
}

/*@ requires spw_readable(in) && \valid(in) && \valid(value) && \separated(in, value, in->base + (0 .. in->end - 1));
    assigns in->at, *value;
    ensures progress: \result ==> \old(in->at) < in->at <= in->end;
    ensures inside: \result && value->wire != WIRE_VARINT ==>
      value->end == in->at && \old(in->at) < value->end - value->number <= value->end; */
static bool take_field(spw_span_t *in, value_t *value) {
  uint32_t key = 0u;
  bool good = take_u32(in, &key);
  const uint32_t wire = key & 7u;
  //@ split wire;
  value->field = key >> 3;
  value->wire = wire;
  value->wide = false;
  value->number = 4u;
  if ((!good) || (value->field == 0u)) {
    return false;
  }
  if (wire == (uint32_t)WIRE_VARINT) {
    return spw_take_varint(in, &value->number, &value->wide);
  }
  if (wire == (uint32_t)WIRE_BYTES) {
    good = take_u32(in, &value->number);
  } else if (wire == (uint32_t)WIRE_64) {
    value->number = 8u;
  } else {
    good = (wire == (uint32_t)WIRE_32);
  }
  if ((!good) || (value->number > in->end)) {
    return false;
  }
  const uint32_t end = in->at + value->number;
  if (end > in->end) {
    return false;
  }
  value->end = end;
  in->at = end;
  return true;
}

/* Whether the elements of a packed list are few enough, whole, minimal and in range. */
/*@ requires \valid_read(list) && list->number <= list->end && \valid_read(base + (0 .. list->end - 1));
    requires SPW_FIELD_LIST_U8 <= type <= SPW_FIELD_LIST_32;
    assigns \nothing;
    ensures few: \result ==> list->number <= (type == SPW_FIELD_LIST_U8 ? 16 : type == SPW_FIELD_LIST_32 ? 32 : 40); */
static SPW_NOINLINE bool list_good(const uint8_t *base, const value_t *list, uint32_t type) {
  uint32_t count = 0u;
  uint32_t length = 0u; /* bytes of the varint at hand */
  bool good = true;
  if (type == (uint32_t)SPW_FIELD_LIST_32) {
    return (list->number <= (4u * (uint32_t)LIST_MOST)) && ((list->number % 4u) == 0u);
  }
  /*@ loop invariant inside: list->end - list->number <= i <= list->end;
      loop invariant few: good && type == SPW_FIELD_LIST_U8 ==>
        count <= 8 && length < 2 && i - (list->end - list->number) <= 2 * count + length;
      loop invariant few_more: good && type == SPW_FIELD_LIST_U32 ==>
        count <= 8 && length < 5 && i - (list->end - list->number) <= 5 * count + length;
      loop assigns i, count, length, good;
      loop variant list->end - i; */
  for (uint32_t i = begin_of(list); good && (i < list->end); ++i) {
    const uint32_t byte = base[i];
    ++length;
    if (byte >= 0x80u) {
      good = (length < ((type == (uint32_t)SPW_FIELD_LIST_U8) ? 2u : 5u));
    } else { /* the last byte of an element: it holds the upper bits */
      uint32_t most = 0x7Fu;
      if ((type == (uint32_t)SPW_FIELD_LIST_U8) && (length == 2u)) {
        most = 1u;
      } else if (length == 5u) {
        most = 0x0Fu;
      } else {
        /* seven bits */
      }
      good = (byte <= most) && ((byte != 0u) || (length == 1u)) && (count < (uint32_t)LIST_MOST);
      ++count;
      length = 0u;
    }
  }
  return good && (length == 0u);
}

/*@ requires \valid_read(bytes) && bytes->number <= bytes->end && \valid_read(base + (0 .. bytes->end - 1));
    requires SPW_FIELD_BYTES_32 <= type <= SPW_FIELD_LIST_32;
    assigns \nothing;
    ensures few: \result ==>
      type == SPW_FIELD_DATA || bytes->number <= (type == SPW_FIELD_LIST_U8 ? 16 : type == SPW_FIELD_LIST_U32 ? 40 :
        type == SPW_FIELD_BYTES_64 ? 64 : 32); */
static bool bytes_good(const uint8_t *base, const value_t *bytes, uint32_t type) {
  bool good = true;
  if (type >= (uint32_t)SPW_FIELD_LIST_U8) {
    good = list_good(base, bytes, type);
  } else if (type != (uint32_t)SPW_FIELD_DATA) {
    good = bytes->number <= ((type == (uint32_t)SPW_FIELD_BYTES_32) ? 32u : 64u);
  } else {
    /* the frame is their limit */
  }
  return good;
}

/* Stores a value into its field; false: of another wire type, or out of the field's range. */
static bool store(spw_field_t field, const value_t *value, const uint8_t *base, uint8_t *body) {
  const uint32_t type = spw_field_type(field);
  const uint32_t wire = wire_of(type);
  uint8_t *to = &body[spw_field_offset(field)];
  bool good = !value->wide;
  if (wire != value->wire) {
    good = false;
  } else if (wire == (uint32_t)WIRE_BYTES) {
    const spw_view_t view = {&base[begin_of(value)], value->number};
    (void)memcpy(to, &view, sizeof(view)); /* MISRA deviation D.3 */
    good = bytes_good(base, value, type);
  } else if (wire != (uint32_t)WIRE_VARINT) {
    //@ split value->number;
    spw_copy_number(to, &base[begin_of(value)], value->number);
  } else if (type == (uint32_t)SPW_FIELD_BOOL) {
    good = good && (value->number <= 1u);
    *to = (uint8_t)(value->number & 1u);
  } else {
    (void)memcpy(to, &value->number, sizeof(value->number)); /* MISRA deviation D.3 */
  }
  return good;
}

/* The place of a field in its message's table, from 1; 0: the message has no field of that number. */
/*@ requires \valid_read(fields + (0 .. fields[0]));
    assigns \nothing;
    ensures \result <= fields[0]; */
static uint32_t find(const spw_field_t *fields, uint32_t number) {
  uint32_t index = fields[0];
  /*@ loop unroll 18;
      loop invariant index <= fields[0];
      loop assigns index;
      loop variant index; */
  while ((index > 0u) && (spw_field_number(fields[index]) != number)) {
    --index;
  }
  return index;
}

static bool take_body(spw_span_t *in, const spw_field_t *fields, value_t *value, uint8_t *body) {
  uint32_t seen = 0u;
  bool good = true;
  while (good && (in->at < in->end)) {
    good = take_field(in, value);
    const uint32_t index = find(fields, value->field);
    //@ split index;
    if (good && (index != 0u)) { /* an unknown field is skipped */
      const uint32_t bit = spw_bit(index - 1u);
      good = ((seen & bit) == 0u) && store(fields[index], value, in->base, body);
      seen |= bit;
    }
  }
  return good;
}

spw_decoded_t spw_decode(const spw_outer_t *outer, const spw_span_t *bytes, uint32_t *number, void *body) {
  spw_span_t in = *bytes;
  value_t value = {0u, 0u, 0u, 0u, false};
  spw_decoded_t decoded = SPW_MALFORMED;
  /* Exactly one member: a second one would leave bytes behind the first. */
  const bool good = take_field(&in, &value) && (value.wire == (uint32_t)WIRE_BYTES) && (in.at == in.end);
  *number = value.field;
  if (good && (*number > outer->count)) {
    decoded = SPW_UNKNOWN;
  } else if (good) {
    in.at = begin_of(&value);
    //@ split *number;
    (void)memset(body, 0, outer->size);
    /* MISRA deviation D.1: the body is reached as bytes */
    if (take_body(&in, outer->members[*number - 1u], &value, (uint8_t *)body)) {
      decoded = SPW_DECODED;
    }
  } else {
    /* malformed */
  }
  return decoded;
}

/* Encoding, from the end to the front. */

/* bytes == NULL leaves room. */
static void put_bytes(spw_sink_t *out, const uint8_t *bytes, uint32_t size) {
  out->size += size;
  //@ split size;
  if (size > out->room) {
    out->room = 0u;
  } else {
    out->room -= size;
    if (bytes != NULL) {
      (void)memcpy(&out->bytes[out->room], bytes, size);
    }
  }
}

uint32_t spw_put_varint(uint8_t bytes[5], uint32_t value) {
  uint32_t rest = value;
  uint32_t size = 0u;
  /*@ loop unroll 5;
      loop invariant left: size == 0 || (size == 1 && rest < 0x2000000) || (size == 2 && rest < 0x40000) ||
        (size == 3 && rest < 0x800) || (size == 4 && rest < 0x10);
      loop assigns rest, size, bytes[0 .. 4];
      loop variant rest; */
  while (rest > 0x7Fu) {
    bytes[size] = (uint8_t)((rest & 0x7Fu) | 0x80u);
    rest >>= 7;
    ++size;
  }
  bytes[size] = (uint8_t)rest;
  return size + 1u;
}

void spw_put_u32(spw_sink_t *out, uint32_t value) {
  uint8_t bytes[5];
  const uint32_t size = spw_put_varint(bytes, value);
  put_bytes(out, bytes, size);
}

static bool all_zero(const uint8_t *bytes, uint32_t size) {
  uint32_t any = 0u;
  for (uint32_t i = 0u; i < size; ++i) {
    any |= bytes[i];
  }
  return any == 0u;
}

/* Bytes or a list; false: it is left out, and nothing was put. */
static bool put_view(spw_sink_t *out, uint32_t number, const uint8_t *from) {
  spw_view_t view = {NULL, 0u};
  (void)memcpy(&view, from, sizeof(view)); /* MISRA deviation D.3 */
  if ((view.size == 0u) ||
      ((number == (uint32_t)speedwell_Result_blob_encoding_tag) && all_zero(view.bytes, view.size))) {
    return false;
  }
  put_bytes(out, view.bytes, view.size);
  spw_put_u32(out, view.size);
  return true;
}

/* A number; false: it is 0 and left out, and nothing was put. */
static bool put_number(spw_sink_t *out, uint32_t type, const uint8_t *from) {
  static const uint8_t sizes[4] = {4u, 1u, 4u, 8u}; /* in memory */
  const uint32_t size = sizes[type];
  if (all_zero(from, size)) {
    return false;
  }
  if (type >= (uint32_t)SPW_FIELD_32) {
#if SPW_BIG_ENDIAN
    uint8_t wire[8];
    spw_copy_number(wire, from, size);
    put_bytes(out, wire, size);
#else
    put_bytes(out, from, size);
#endif
  } else {
    uint32_t value = from[0];
    if (type == (uint32_t)SPW_FIELD_U32) {
      (void)memcpy(&value, from, sizeof(value)); /* MISRA deviation D.3 */
    }
    spw_put_u32(out, value);
  }
  return true;
}

static void put_field(spw_sink_t *out, spw_field_t field, const uint8_t *body) {
  const uint32_t type = spw_field_type(field);
  const uint32_t number = spw_field_number(field);
  const uint8_t *from = &body[spw_field_offset(field)];
  const bool put = (type >= (uint32_t)SPW_FIELD_BYTES_32) ? put_view(out, number, from) : put_number(out, type, from);
  if (put) {
    spw_put_u32(out, (number << 3) | wire_of(type));
  }
}

void spw_encode(const spw_outer_t *outer, uint32_t number, const void *body, spw_sink_t *out) {
  const spw_field_t *fields = outer->members[number - 1u];
  const uint32_t before = out->size;
  for (uint32_t i = fields[0]; i > 0u; --i) {
    put_field(out, fields[i], (const uint8_t *)body); /* MISRA deviation D.1 */
  }
  spw_put_u32(out, out->size - before);
  spw_put_u32(out, (number << 3) | (uint32_t)WIRE_BYTES);
}
