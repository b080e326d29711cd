/*
 * Port: a transport in memory. The device's side is an ordinary spw_transport_t; the other side puts bytes in and takes
 * bytes out, cuts the link and mends it. For simulation and tests: no descriptor, no clock, no thread.
 *
 * All state is the caller's. Not re-entrant: one context uses both sides of one pipe.
 */
#ifndef SPEEDWELL_MEMORY_H
#define SPEEDWELL_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A ring of bytes over a buffer of the caller's. */
typedef struct {
  uint8_t *bytes;
  uint32_t capacity; /* >= 1 */
  uint32_t first;
  uint32_t size;
} spw_ring_t;

typedef struct {
  spw_ring_t to_device;
  spw_ring_t from_device;
  bool reachable; /* open succeeds */
  bool open;
} spw_memory_t;

/* Makes an unreachable, closed pipe over two buffers of at least one byte, and the transport over it. */
void spw_memory_init(spw_memory_t *memory, uint8_t *to_device, uint32_t to_capacity, uint8_t *from_device,
                     uint32_t from_capacity, spw_transport_t *transport);

/* Whether open succeeds from now on. Making it false also cuts an open link: bytes under way are lost. */
void spw_memory_reach(spw_memory_t *memory, bool reachable);

/* Cuts an open link; bytes under way are lost, the device may open a new one. */
void spw_memory_cut(spw_memory_t *memory);

/* True while the device holds the link open. */
bool spw_memory_is_open(const spw_memory_t *memory);

/* Puts up to size bytes on the way to the device; returns how many there was room for; 0 when no link is open. */
uint32_t spw_memory_put(spw_memory_t *memory, const uint8_t *bytes, uint32_t size);

/* Takes up to capacity bytes the device has sent; returns how many. Bytes sent before a close can still be taken until
 * the next open. */
uint32_t spw_memory_take(spw_memory_t *memory, uint8_t *bytes, uint32_t capacity);

/* How many bytes can be taken, and how many more can be put. */
uint32_t spw_memory_waiting(const spw_memory_t *memory);
uint32_t spw_memory_room(const spw_memory_t *memory);

#ifdef __cplusplus
}
#endif

#endif
