#include "speedwell/memory.h"

#include <stddef.h>
#include <string.h>

static uint32_t least(uint32_t a, uint32_t b) {
  return (a < b) ? a : b;
}

static void ring_clear(spw_ring_t *ring) {
  ring->first = 0u;
  ring->size = 0u;
}

/* In at most two runs: up to the end of the buffer, then from its start. */
static uint32_t ring_put(spw_ring_t *ring, const uint8_t *bytes, uint32_t size) {
  uint32_t count = least(size, ring->capacity - ring->size);
  uint32_t end = ring->first + ring->size;
  uint32_t at = (end >= ring->capacity) ? (end - ring->capacity) : end;
  uint32_t run = least(count, ring->capacity - at);
  (void)memcpy(&ring->bytes[at], bytes, run);
  if (count > run) {
    (void)memcpy(ring->bytes, &bytes[run], count - run);
  }
  ring->size += count;
  return count;
}

static uint32_t ring_take(spw_ring_t *ring, uint8_t *bytes, uint32_t capacity) {
  uint32_t count = least(capacity, ring->size);
  uint32_t run = least(count, ring->capacity - ring->first);
  (void)memcpy(bytes, &ring->bytes[ring->first], run);
  if (count > run) {
    (void)memcpy(&bytes[run], ring->bytes, count - run);
  }
  ring->first += count;
  if (ring->first >= ring->capacity) {
    ring->first -= ring->capacity;
  }
  ring->size -= count;
  return count;
}

static int32_t memory_open(void *context) {
  spw_memory_t *memory = (spw_memory_t *)context;
  int32_t opened = -1;
  if (memory->reachable) {
    ring_clear(&memory->to_device);
    ring_clear(&memory->from_device);
    memory->open = true;
    opened = 1;
  }
  return opened;
}

static void memory_close(void *context) {
  spw_memory_t *memory = (spw_memory_t *)context;
  memory->open = false;
  ring_clear(&memory->to_device);
}

static int32_t memory_send(void *context, const uint8_t *bytes, uint32_t size) {
  spw_memory_t *memory = (spw_memory_t *)context;
  return memory->open ? (int32_t)ring_put(&memory->from_device, bytes, size) : -1;
}

static int32_t memory_receive(void *context, uint8_t *bytes, uint32_t capacity) {
  spw_memory_t *memory = (spw_memory_t *)context;
  return memory->open ? (int32_t)ring_take(&memory->to_device, bytes, capacity) : -1;
}

void spw_memory_init(spw_memory_t *memory, uint8_t *to_device, uint32_t to_capacity, uint8_t *from_device,
                     uint32_t from_capacity, spw_transport_t *transport) {
  *memory = (spw_memory_t){{to_device, to_capacity, 0u, 0u}, {from_device, from_capacity, 0u, 0u}, false, false};
  *transport = (spw_transport_t){memory, memory_open, memory_close, memory_send, memory_receive};
}

void spw_memory_reach(spw_memory_t *memory, bool reachable) {
  memory->reachable = reachable;
  if (!reachable) {
    spw_memory_cut(memory);
  }
}

void spw_memory_cut(spw_memory_t *memory) {
  memory->open = false;
  ring_clear(&memory->to_device);
  ring_clear(&memory->from_device);
}

bool spw_memory_is_open(const spw_memory_t *memory) {
  return memory->open;
}

uint32_t spw_memory_put(spw_memory_t *memory, const uint8_t *bytes, uint32_t size) {
  return memory->open ? ring_put(&memory->to_device, bytes, size) : 0u;
}

uint32_t spw_memory_take(spw_memory_t *memory, uint8_t *bytes, uint32_t capacity) {
  return ring_take(&memory->from_device, bytes, capacity);
}

uint32_t spw_memory_waiting(const spw_memory_t *memory) {
  return memory->from_device.size;
}

uint32_t spw_memory_room(const spw_memory_t *memory) {
  return memory->open ? (memory->to_device.capacity - memory->to_device.size) : 0u;
}
