/* What the session calls of the rest of the core, as its headers promise it and as the other proofs show it: any result
 * within the contract. What a caller must keep to is asserted here. */
#include "codec.h"
#include "environment.h"
#include "frame.h"
#include "layout.h"
#include "session.h"
#include "update.h"

/* Each as long as the longest view of its kind: what lies behind one of that size is out of bounds. */
static uint8_t small_list[16];
static uint8_t length_list[40];
static uint8_t crc_list[32];
static uint8_t words[64];
static uint8_t data[RECEIVE_SIZE];

static spw_view_t any_view(uint8_t *bytes, uint32_t most) {
  const spw_view_t view = {bytes, any_up_to(most)};
  any_bytes(bytes, most);
  return view;
}

static void readable(const spw_view_t *view, uint32_t most) {
  /*@ assert few: view->size <= most; */
  /*@ assert readable: view->size == 0 || \valid_read(view->bytes + (0 .. view->size - 1)); */
  /*@ assert initialized: view->size == 0 || \initialized(view->bytes + (0 .. view->size - 1)); */
}

/* decode.c: whole: the message lies within the bytes; other results promise nothing. */
spw_frame_t spw_frame_find(const spw_span_t *bytes, uint32_t limit, spw_span_t *message) {
  /*@ assert inside: bytes->end <= RECEIVE_SIZE; */
  /*@ assert limited: SPW_FRAME_MIN <= limit <= SPW_FRAME_MOST; */
  message->base = bytes->base;
  message->at = any_up_to(bytes->end);
  message->end = any_up_to(bytes->end);
  if (bytes->at < bytes->end) {
    return (spw_frame_t)any_up_to(2u);
  }
  return SPW_FRAME_MORE;
}

/* What came. A static object: the analysis keeps its values apart until the frame is handled. */
static uint32_t which;

/* decode.c: all that is read of the body is set; views lie within the frame, lists and details are short. */
spw_decoded_t spw_decode(const spw_outer_t *outer, const spw_span_t *bytes, uint32_t *number, void *body) {
  which = any_u32;
  *number = which;
  if (which > (uint32_t)speedwell_ToDevice_committed_tag) {
    return SPW_UNKNOWN;
  }
  //@ split which;
  *number = which;
  if (which == (uint32_t)speedwell_ToDevice_welcome_tag) {
    speedwell_Welcome *welcome = body;
    welcome->version = any_u32;
    welcome->token = any_u64();
    welcome->keep_alive_ms = any_u32;
    welcome->frame_limit = any_u32;
  } else if (which == (uint32_t)speedwell_ToDevice_run_offer_tag) {
    speedwell_RunOffer *offer = body;
    offer->handle = any_u32;
    offer->run_id = any_u64();
    offer->parameter_count = any_u32;
    offer->update_encoding = any_u32;
    offer->kinds = any_u32;
    offer->features = any_u32;
    offer->numerics = any_u32;
    offer->blob_role = any_view(small_list, sizeof(small_list));
    offer->blob_length = any_view(length_list, sizeof(length_list));
    offer->blob_crc = any_view(crc_list, sizeof(crc_list));
    offer->blob_encoding = any_view(small_list, sizeof(small_list));
  } else if (which == (uint32_t)speedwell_ToDevice_task_tag) {
    speedwell_Task *task = body;
    task->handle = any_u32;
    task->run = any_u32;
    task->round = any_u32;
    task->task = any_u32;
    task->kind = any_u32;
    task->seed = any_u64();
    task->max_epochs = any_u32;
    task->max_ms = any_u32;
    task->blob_role = any_view(small_list, sizeof(small_list));
    task->blob_length = any_view(length_list, sizeof(length_list));
    task->blob_crc = any_view(crc_list, sizeof(crc_list));
    task->blob_encoding = any_view(small_list, sizeof(small_list));
    task->attempt = any_u32;
    task->max_steps = any_u32;
    task->max_examples = any_u32;
    task->split = any_u32;
    task->phase = any_u32;
  } else if (which == (uint32_t)speedwell_ToDevice_grant_tag) {
    speedwell_Grant *grant = body;
    grant->handle = any_u32;
    grant->blob = any_u32;
    grant->offset = any_u32;
    grant->length = any_u32;
  } else if (which == (uint32_t)speedwell_ToDevice_chunk_tag) {
    speedwell_Chunk *chunk = body;
    chunk->handle = any_u32;
    chunk->blob = any_u32;
    chunk->offset = any_u32;
    chunk->data = any_view(data, sizeof(data));
  } else if (which == (uint32_t)speedwell_ToDevice_wrap_up_tag) {
    speedwell_WrapUp *wrap_up = body;
    wrap_up->handle = any_u32;
    wrap_up->within_ms = any_u32;
  } else if (which == (uint32_t)speedwell_ToDevice_keep_alive_tag) {
    speedwell_KeepAlive *keep_alive = body;
    keep_alive->reply = any_bool();
  } else if (which == (uint32_t)speedwell_ToDevice_reject_tag) {
    speedwell_Reject *reject = body;
    reject->message = any_u32;
    reject->reason = any_u32;
  } else if (which == (uint32_t)speedwell_ToDevice_bye_tag) {
    speedwell_Bye *bye = body;
    bye->reason = any_u32;
    bye->retry_after_ms = any_u32;
    bye->detail = any_view(words, sizeof(words));
  } else if (which == (uint32_t)speedwell_ToDevice_cancel_tag) {
    speedwell_Cancel *cancel = body;
    cancel->handle = any_u32;
    cancel->reason = any_u32;
  } else if (which == (uint32_t)speedwell_ToDevice_accepted_tag) {
    speedwell_Accepted *accepted = body;
    accepted->handle = any_u32;
    accepted->update_id = any_u32;
  } else if (which == (uint32_t)speedwell_ToDevice_committed_tag) {
    speedwell_Committed *committed = body;
    committed->handle = any_u32;
    committed->round = any_u32;
  } else {
    return SPW_MALFORMED;
  }
  return (any_u32 != 0u) ? SPW_DECODED : SPW_MALFORMED;
}

/* encode.c: a control frame fits into SPW_FRAME_MIN bytes, a chunk's head into 26. */
void spw_frame_write(const spw_outer_t *outer, uint32_t number, const void *body, spw_sink_t *out) {
  uint32_t most = (uint32_t)SPW_FRAME_MIN;
  /*@ assert outer == &spw_to_server; */
  /*@ assert out->size == 0; */
  /*@ assert \valid(out->bytes + (0 .. out->room - 1)); */
  if (number == (uint32_t)speedwell_ToServer_hello_tag) {
    const speedwell_Hello hello = *(const speedwell_Hello *)body;
    readable(&hello.device_id, 32u);
    readable(&hello.opcodes, 32u);
  } else if (number == (uint32_t)speedwell_ToServer_run_ready_tag) {
    const speedwell_RunReady run_ready = *(const speedwell_RunReady *)body;
  } else if (number == (uint32_t)speedwell_ToServer_refuse_tag) {
    const speedwell_Refuse refuse = *(const speedwell_Refuse *)body;
    readable(&refuse.detail, 64u);
  } else if (number == (uint32_t)speedwell_ToServer_grant_tag) {
    const speedwell_Grant grant = *(const speedwell_Grant *)body;
  } else if (number == (uint32_t)speedwell_ToServer_chunk_tag) {
    const speedwell_Chunk chunk = *(const speedwell_Chunk *)body;
    /*@ assert later: chunk.data.bytes == \null; */
    most = 26u + chunk.data.size;
  } else if (number == (uint32_t)speedwell_ToServer_result_tag) {
    const speedwell_Result result = *(const speedwell_Result *)body;
    readable(&result.blob_role, 2u);
    readable(&result.blob_length, 10u);
    readable(&result.blob_crc, 8u);
    readable(&result.blob_encoding, 2u);
  } else if (number == (uint32_t)speedwell_ToServer_keep_alive_tag) {
    const speedwell_KeepAlive keep_alive = *(const speedwell_KeepAlive *)body;
  } else if (number == (uint32_t)speedwell_ToServer_reject_tag) {
    const speedwell_Reject reject = *(const speedwell_Reject *)body;
  } else {
    /*@ assert known: number == speedwell_ToServer_bye_tag; */
    const speedwell_Bye bye = *(const speedwell_Bye *)body;
    readable(&bye.detail, 64u);
  }
  any_bytes(out->bytes, out->room);
  out->size = any_up_to(most);
  out->room = any_up_to(out->room);
}

uint32_t spw_put_varint(uint8_t bytes[5], uint32_t value) {
  /*@ assert \valid(bytes + (0 .. 4)); */
  any_bytes(bytes, 5u);
  return any_up_to(4u) + 1u;
}

const spw_outer_t spw_to_server;
const spw_outer_t spw_to_device;

/* pieces.c: whatever the model, as long as init took it: all of it is less than 2^31 bytes. */
uint32_t spw_update_size(const spw_trainer_t *trainer, spw_way_t way) {
  return 4u * any_up_to(0x1FFFFFFFu);
}

static void piece(uint32_t at, uint32_t size) {
  /*@ assert no_wrap: at + size <= 0xFFFFFFFF; */
}

void spw_update_write(const spw_trainer_t *trainer, uint32_t at, const uint8_t *bytes, uint32_t size) {
  piece(at, size);
  /*@ assert \valid_read(bytes + (0 .. size - 1)) && \initialized(bytes + (0 .. size - 1)); */
}

void spw_update_read(const spw_trainer_t *trainer, const spw_encoding_t *encoding, uint32_t at, uint8_t *bytes,
                     uint32_t size) {
  piece(at, size);
  /*@ assert size == 0 || \valid(bytes + (0 .. size - 1)); */
  any_bytes(bytes, size);
}

void spw_update_base(const spw_trainer_t *trainer, const spw_encoding_t *encoding, uint32_t at, uint32_t size) {
  piece(at, size);
  /*@ assert \valid_read(encoding); */
}

bool spw_update_check(const spw_trainer_t *trainer) {
  return any_bool();
}

/* pieces.c */
uint32_t spw_layout_length(const spw_trainer_t *trainer) {
  return any_u32;
}

uint32_t spw_layout_crc(const spw_trainer_t *trainer) {
  return any_u32;
}

void spw_layout_begin(spw_layout_walk_t *walk) {
}

void spw_layout_compare(spw_layout_walk_t *walk, const spw_trainer_t *trainer, const uint8_t *bytes, uint32_t size) {
  /*@ assert \valid_read(bytes + (0 .. size - 1)) && \initialized(bytes + (0 .. size - 1)); */
}

bool spw_layout_end(const spw_layout_walk_t *walk, const spw_trainer_t *trainer, spw_view_t *name) {
  *name = any_view(words, sizeof(words));
  return any_bool();
}
