/* Anything may have been received, and any part of it may have been handled: finds a frame and decodes it, as a device
 * does and as a test's server does. (SPW-STR-01) */
#include "codec.h"
#include "environment.h"
#include "frame.h"

static uint8_t received_bytes[SPW_FRAME_MIN];

int main(void) {
  speedwell_ToDevice to_device;
  speedwell_ToServer to_server;
  spw_span_t received = {received_bytes, any_u32, any_u32};
  spw_span_t frame;
  uint32_t number = 0u;
  any_bytes(received_bytes, sizeof(received_bytes));
  if ((received.at > sizeof(received_bytes)) || (received.end > sizeof(received_bytes))) {
    return 0;
  }
  if (spw_frame_find(&received, any_u32 & 0xFFFFFu, &frame) == SPW_FRAME_WHOLE) {
    if ((any_u32 & 1u) == 0u) {
      (void)spw_decode(&spw_to_device, &frame, &number, &to_device.message);
    } else {
      (void)spw_decode(&spw_to_server, &frame, &number, &to_server.message);
    }
  }
  return 0;
}
