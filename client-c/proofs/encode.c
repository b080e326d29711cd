/* Every message that a device sends, with any values, into a send buffer of the smallest size; and into one that is too
 * small. (SPW-STR-08, SPW-FRM-04, SPW-FRM-05) */
#include "codec.h"
#include "environment.h"
#include "frame.h"

static uint8_t send_bytes[SPW_FRAME_MIN];
static uint8_t text[64];

static spw_view_t view_of(uint32_t most) {
  const uint32_t size = any_u32;
  const spw_view_t view = {text, (size <= most) ? size : 0u};
  return view;
}

static void send(uint32_t number, const void *body) {
  spw_sink_t out = {send_bytes, sizeof(send_bytes), 0u};
  spw_frame_write(&spw_to_server, number, body, &out);
  /*@ assert fits: out.size <= SPW_FRAME_MIN; */
}

int main(void) {
  const speedwell_Hello hello = {any_u32, any_u32, view_of(32u), any_u32, any_u32, any_u32, any_u32, any_u32,
                                 any_u32, any_u32, any_u32,      any_u32, any_u32, any_u32, any_u32, view_of(32u)};
  const speedwell_RunReady run_ready = {any_u32};
  const speedwell_Refuse refuse = {any_u32, any_u32, view_of(64u)};
  const speedwell_Grant grant = {any_u32, any_u32, any_u32, any_u32};
  const speedwell_Chunk chunk = {any_u32, any_u32, any_u32, {NULL, any_u32 % 231u}};
  speedwell_Result result;
  const speedwell_KeepAlive keep_alive = {(any_u32 & 1u) != 0u};
  const speedwell_Reject reject = {any_u32, any_u32};
  const speedwell_Bye bye = {any_u32, any_u32, view_of(64u)};
  (void)memset(&result, 0, sizeof(result));
  result.handle = any_u32;
  result.update_id = any_u32;
  result.cause = any_u32;
  result.examples_held = any_u32;
  result.examples_used = any_u32;
  result.steps = any_u32;
  result.blob_role = view_of(2u);
  result.blob_length = view_of(10u);
  result.blob_crc = view_of(8u);
  result.blob_encoding = view_of(2u);
  any_bytes(text, sizeof(text));
  result.work_norm = any_f32;
  result.loss_before = any_f32;
  result.loss_after = any_f32;
  send(speedwell_ToServer_hello_tag, &hello);
  send(speedwell_ToServer_run_ready_tag, &run_ready);
  send(speedwell_ToServer_refuse_tag, &refuse);
  send(speedwell_ToServer_grant_tag, &grant);
  send(speedwell_ToServer_chunk_tag, &chunk);
  send(speedwell_ToServer_result_tag, &result);
  send(speedwell_ToServer_keep_alive_tag, &keep_alive);
  send(speedwell_ToServer_reject_tag, &reject);
  send(speedwell_ToServer_bye_tag, &bye);
  spw_sink_t small = {send_bytes, any_u32 % 65u, 0u}; /* too small: only counted */
  spw_frame_write(&spw_to_server, speedwell_ToServer_hello_tag, &hello, &small);
  return 0;
}
