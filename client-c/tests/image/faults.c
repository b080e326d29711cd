/* What the check must find: linked as if it belonged to the core, in tests that expect a refusal. */
#include <stddef.h>
#include <stdint.h>

uint32_t probe_fault(uint32_t depth);

#if defined(FAULT_RECURSION)
static uint32_t __attribute__((noinline)) other(uint32_t depth) {
  return (depth == 0u) ? 0u : (1u + (3u * probe_fault(depth - 1u)));
}
uint32_t probe_fault(uint32_t depth) {
  volatile uint32_t sum = other(depth); /* volatile: neither becomes a loop */
  return sum + 1u;
}
#elif defined(FAULT_HEAP)
void *malloc(size_t size);
uint32_t probe_fault(uint32_t depth) {
  return (malloc(depth) == NULL) ? 0u : 1u;
}
#elif defined(FAULT_STATE)
static uint32_t calls;
uint32_t probe_fault(uint32_t depth) {
  calls += depth;
  return calls;
}
#elif defined(FAULT_CALLBACK)
uint32_t probe_fault(uint32_t depth) {
  uint32_t (*volatile hidden)(uint32_t) = probe_fault;
  return (depth == 0u) ? 0u : hidden(depth - 1u);
}
#elif defined(FAULT_FLOAT)
uint32_t probe_fault(uint32_t depth) {
  return (uint32_t)((float)depth * 1.5f);
}
#else
#error "name a fault"
#endif
