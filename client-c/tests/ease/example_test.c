/* The example in client.h, as it stands there: it greets a server, sleeps while there is nothing to do, keeps the link
 * alive, and says goodbye. */
#include <string.h>

#include "board.h"
#include "check.h"

enum { HELLO_KEY = 0x0A, KEEP_ALIVE_KEY = 0x3A, BYE_KEY = 0x4A }; /* of ToServer's members 1, 7 and 9 */

static const uint8_t welcome[] = {19u, 0x0Au, 17u, 0x08u, 1u,    0x11u, 1u, 0u,    0u,    0u,
                                  0u,  0u,    0u,  0u,    0x18u, 0xE8u, 7u, 0x20u, 0x80u, 2u};

static uint32_t now_ms;
static uint32_t welcomed; /* bytes of it that the device has */
static uint32_t slept;
static uint8_t keys[8]; /* of the frames heard */
static uint32_t frames;
static uint32_t closed;

static int32_t board_open(void *context) {
  (void)context;
  return 1;
}

static void board_close(void *context) {
  (void)context;
  ++closed;
}

static int32_t board_send(void *context, const uint8_t *bytes, uint32_t size) {
  (void)context;
  assert_true(size >= 2u);
  assert_true(frames < sizeof(keys));
  keys[frames] = bytes[1];
  ++frames;
  return (int32_t)size;
}

static int32_t board_receive(void *context, uint8_t *bytes, uint32_t capacity) {
  (void)context;
  const uint32_t left = (frames == 0u) ? 0u : ((uint32_t)sizeof(welcome) - welcomed);
  const uint32_t size = (left < capacity) ? left : capacity;
  (void)memcpy(bytes, &welcome[welcomed], size);
  welcomed += size;
  return (int32_t)size;
}

const spw_transport_t board_transport = {NULL, board_open, board_close, board_send, board_receive};

static float weights[2];
static const spw_tensor_t tensors[] = {SPW_VECTOR("weights", weights, 2u)};

static bool begin(void *self, const spw_task_t *task) {
  (void)self;
  (void)task;
  return false;
}

static spw_step_t step(void *self, spw_hint_t hint) {
  (void)self;
  (void)hint;
  return SPW_STEP_DONE;
}

static void finish(void *self, spw_cause_t cause, spw_result_t *result) {
  (void)self;
  (void)cause;
  (void)result;
}

const spw_trainer_t board_trainer = {NULL, tensors, 1u, 0u, 0u, begin, step, finish};

bool board_on(void) {
  return slept < 2u;
}

uint32_t board_now_ms(void) {
  return now_ms;
}

/* Sleeps for as long as was wished: the server has nothing more to say. */
void board_sleep(const spw_wish_t *wish) {
  assert_false(wish->cpu);
  now_ms = wish->wake_at_ms;
  ++slept;
}

/* SPW-INT-01 */
static void the_example_is_a_device(void **state) {
  (void)state;
  assert_int_equal(device_run(), SPW_OK);
  assert_int_equal(welcomed, sizeof(welcome));
  assert_int_equal(frames, 3);
  assert_int_equal(keys[0], HELLO_KEY);
  assert_int_equal(keys[1], KEEP_ALIVE_KEY);
  assert_int_equal(keys[2], BYE_KEY);
  assert_int_equal(closed, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_example_is_a_device)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
