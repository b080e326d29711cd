/*
 * Frames and messages: a stream of bytes goes through the frame reader and the codec. What is accepted is the same
 * message to stock nanopb, and what both write of it is the same; views lie inside the frame; whatever is written is
 * read again. The first byte chooses the direction. (SPW-STR-01, SPW-STR-03, SPW-STR-07, SPW-FRM-05)
 */
#include "frame.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <stdbool.h>
#include <string.h>

#include "codec.h"
#include "fuzz.h"
#include "speedwell.pb.h"
#include "stock.pb.h"

enum { LIMIT = 1024, WRITTEN_MOST = 2 * LIMIT };

typedef union {
  speedwell_ToServer to_server;
  speedwell_ToDevice to_device;
} ours_t;

typedef union {
  stock_ToServer to_server;
  stock_ToDevice to_device;
} stock_t;

typedef struct {
  uint8_t bytes[WRITTEN_MOST];
  uint32_t size;
} written_t;

static void write_ours(const spw_outer_t *outer, uint32_t number, const ours_t *message, written_t *written) {
  spw_sink_t out = {written->bytes, WRITTEN_MOST, 0u};
  spw_encode(outer, number, message, &out);
  FUZZ_CHECK(out.size <= (uint32_t)WRITTEN_MOST);
  written->size = out.size;
  (void)memmove(written->bytes, &written->bytes[out.room], out.size);
}

static void leave_zeros_out(pb_size_t *count, const uint8_t *encodings) {
  uint32_t any = 0u;
  for (pb_size_t i = 0u; i < *count; ++i) {
    any |= encodings[i];
  }
  *count = (any == 0u) ? 0u : *count;
}

/* Speedwell leaves a blob_encoding of nothing but zeros out. */
static void make_canonical(bool to_server, stock_t *message) {
  if (to_server && (message->to_server.which_message == stock_ToServer_result_tag)) {
    stock_Result *result = &message->to_server.message.result;
    leave_zeros_out(&result->blob_encoding_count, result->blob_encoding);
  } else if ((!to_server) && (message->to_device.which_message == stock_ToDevice_run_offer_tag)) {
    stock_RunOffer *offer = &message->to_device.message.run_offer;
    leave_zeros_out(&offer->blob_encoding_count, offer->blob_encoding);
  } else if ((!to_server) && (message->to_device.which_message == stock_ToDevice_task_tag)) {
    stock_Task *task = &message->to_device.message.task;
    leave_zeros_out(&task->blob_encoding_count, task->blob_encoding);
  } else {
    /* has none */
  }
}

/* Stock nanopb reads it as well, and writes the same. */
static void compare_with_stock(bool to_server, const uint8_t *bytes, uint32_t size, const written_t *ours) {
  const pb_msgdesc_t *descriptor = to_server ? &stock_ToServer_msg : &stock_ToDevice_msg;
  static stock_t message;
  written_t stock;
  pb_istream_t in = pb_istream_from_buffer(bytes, size);
  pb_ostream_t out = pb_ostream_from_buffer(stock.bytes, WRITTEN_MOST);
  (void)memset(&message, 0, sizeof(message));
  if (!pb_decode(&in, descriptor, &message)) {
    FUZZ_CHECK(strcmp(PB_GET_ERROR(&in), "bytes overflow") == 0); /* a limit of stock's own: of a chunk's data */
    return;
  }
  make_canonical(to_server, &message);
  FUZZ_CHECK(pb_encode(&out, descriptor, &message));
  FUZZ_CHECK((ours->size == out.bytes_written) && (memcmp(ours->bytes, stock.bytes, ours->size) == 0));
}

static void try_message(bool to_server, const spw_span_t *frame) {
  const spw_outer_t *outer = to_server ? &spw_to_server : &spw_to_device;
  ours_t message;
  uint32_t number = 0u;
  if (spw_decode(outer, frame, &number, &message) == SPW_DECODED) {
    written_t first;
    written_t second;
    ours_t again;
    write_ours(outer, number, &message, &first);
    compare_with_stock(to_server, &frame->base[frame->at], frame->end - frame->at, &first);
    const spw_span_t span = {first.bytes, 0u, first.size};
    uint32_t number_again = 0u;
    FUZZ_CHECK(spw_decode(outer, &span, &number_again, &again) == SPW_DECODED);
    FUZZ_CHECK(number_again == number);
    write_ours(outer, number, &again, &second);
    FUZZ_CHECK((second.size == first.size) && (memcmp(second.bytes, first.bytes, first.size) == 0));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
  if ((size < 1u) || (size > 65536u)) {
    return 0;
  }
  const bool to_server = ((input[0] & 1u) == 1u);
  spw_span_t rest = {input, 1u, (uint32_t)size};
  spw_span_t frame = {NULL, 0u, 0u};
  spw_frame_t found = spw_frame_find(&rest, LIMIT, &frame);
  while (found == SPW_FRAME_WHOLE) {
    FUZZ_CHECK((frame.at > rest.at) && (frame.at < frame.end) && (frame.end <= rest.end));
    FUZZ_CHECK((frame.end - rest.at) <= (uint32_t)LIMIT);
    try_message(to_server, &frame);
    rest.at = frame.end;
    found = spw_frame_find(&rest, LIMIT, &frame);
  }
  const spw_span_t whole = {input, 1u, (uint32_t)size}; /* and all of it as one message, without a length */
  try_message(to_server, &whole);
  return 0;
}
