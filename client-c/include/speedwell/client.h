/*
 * The Speedwell client: one device of a fleet. This header is the manual, from top to bottom; trainer.h and transport.h
 * say what you bring. A device, whole:
 *
 *   #include "speedwell/client.h"
 *   #include "board.h"
 *
 *   static spw_client_t client;
 *   static uint8_t receive_buffer[1024];
 *   static uint8_t send_buffer[SPW_FRAME_MIN];
 *
 *   spw_status_t device_run(void) {
 *     static const spw_client_config_t config = {.size = sizeof(spw_client_config_t),
 *                                                .device_id = "board-17",
 *                                                .transport = &board_transport,
 *                                                .trainer = &board_trainer,
 *                                                .receive_buffer = receive_buffer,
 *                                                .receive_size = sizeof(receive_buffer),
 *                                                .send_buffer = send_buffer,
 *                                                .send_size = sizeof(send_buffer)};
 *     const spw_status_t status = spw_client_init(&client, &config);
 *     if (status == SPW_OK) {
 *       while (board_on()) {
 *         const spw_wish_t wish = spw_client_step(&client, board_now_ms(), 1u);
 *         if (!wish.cpu) {
 *           board_sleep(&wish);
 *         }
 *       }
 *       spw_client_stop(&client);
 *     }
 *     return status;
 *   }
 *
 * What begins with board_ is yours: a stream, a trainer, a clock, and a sleep that ends at wish.wake_at_ms or when the
 * stream is readable or writable as wished. Add a seed of your own as soon as there are two devices.
 *
 * The client struct is all state there is: one per client, as many as you like. No heap, no recursion, no global state,
 * no clock, no blocking. Not re-entrant: one context calls one client. Nothing here is called from an interrupt.
 *
 * A watchdog is served by the caller, after each step: a step with slices = 1 takes no longer than FOOTPRINT.md says
 * for its longest phase and its tensors, and the functions of the config called in it (trainer.step at most once). A
 * loop that serves it only there shows with it that the client is alive.
 *
 * Beside it, each costing nothing where it is not used: keep.h (what outlives a power cut), watch.h (faults with codes,
 * statistics), check.h (checksums of the client's state and of the parameters).
 */
#ifndef SPEEDWELL_CLIENT_H
#define SPEEDWELL_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "speedwell/encoding.h"
#include "speedwell/trainer.h"
#include "speedwell/transport.h"
#include "speedwell/view.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SPW_FRAME_MIN = 256 }; /* smallest frame buffer: every control frame fits */

typedef enum {
  SPW_OK = 0,
  SPW_BAD_ARGUMENT = 1, /* a required pointer is missing, or a size is out of range; nothing was changed */
  SPW_TOO_SMALL = 2     /* a buffer is smaller than the smallest allowed */
} spw_status_t;

/* What happened, for logs and diagnostics; never needed for operation. */
typedef enum {
  SPW_EVENT_CONNECTED = 1,  /* Welcome received */
  SPW_EVENT_LOST = 2,       /* the stream is lost, was closed or could not be opened; number: ms until the next try */
  SPW_EVENT_BYE = 3,        /* the server closed, LOST follows; number: ByeReason; detail */
  SPW_EVENT_TASK = 4,       /* the trainer began; number: round */
  SPW_EVENT_REFUSED = 5,    /* this device refuses a run or task, when it says so; number: RefuseReason; detail */
  SPW_EVENT_RESULT = 6,     /* training or evaluation is done, upload begins; number: round */
  SPW_EVENT_ACCEPTED = 7,   /* number: round */
  SPW_EVENT_COMMITTED = 8,  /* number: round */
  SPW_EVENT_CANCELLED = 9,  /* the server dropped the task or the run; number: CancelReason */
  SPW_EVENT_MALFORMED = 10, /* the server sent what the protocol forbids, LOST follows; number: 0: bytes that are no
                             * message, 1: a message that may not come here */
  SPW_EVENT_RESUMED = 11    /* a transfer goes on after a lost link; number: offset in bytes, above 0 */
} spw_event_kind_t;

typedef struct {
  spw_event_kind_t kind;
  uint32_t number;
  spw_view_t detail; /* valid during the call only */
} spw_event_t;

/* Everything the client is given. It must outlive the client; the client never writes to it. Set `size` to
 * sizeof(spw_client_config_t): later versions append members, and a 0 in any of them is the default. */
typedef struct {
  uint32_t size;
  const char *device_id; /* 1..32 printable ASCII characters without space, zero-terminated */
  const spw_transport_t *transport;
  const spw_trainer_t *trainer;
  uint8_t *receive_buffer;
  uint32_t receive_size; /* >= SPW_FRAME_MIN: the largest frame this device can receive */
  uint8_t *send_buffer;
  uint32_t send_size;     /* >= SPW_FRAME_MIN */
  uint8_t *config_buffer; /* holds the run's configuration; NULL with size 0: runs with one are refused */
  uint32_t config_size;
  uint8_t *metrics_buffer; /* room for the trainer's metrics; NULL with size 0: none are sent */
  uint32_t metrics_size;
  const spw_encoding_t *encoding;       /* one more encoding than plain, or NULL */
  uint64_t seed;                        /* back-off jitter and update ids; differs per device, best also per boot */
  uint32_t keep_alive_ms;               /* wished; 0: the server's default */
  uint32_t backoff_first_ms;            /* 0: 1,000 */
  uint32_t backoff_most_ms;             /* 0: 300,000 */
  uint32_t conditions;                  /* bit (1 << Condition of speedwell.proto) */
  void *application;                    /* handed to the two functions below */
  bool (*may_train)(void *application); /* NULL: always; asked when a task is offered and before every slice */
  void (*on_event)(void *application, const spw_event_t *event); /* NULL: nobody listens */
} spw_client_config_t;

/* What the client wants next. */
typedef struct {
  bool read;           /* call again when the stream has bytes (or has broken) */
  bool write;          /* call again when the stream takes bytes (or has opened) */
  bool cpu;            /* call again at once: there is work */
  uint32_t wake_at_ms; /* call again at this time at the latest, on the clock given to step; wraps at 2^32 */
} spw_wish_t;

typedef struct spw_client spw_client_t;

/* Makes the client ready; nothing is opened, no function of the config is called. `config`, and all it points to, must
 * outlive the client; `client` may hold anything before.
 * SPW_OK; SPW_BAD_ARGUMENT: a pointer is missing (a buffer's may be NULL where its size is 0), config->size is too
 * small, the id, a tensor, the encoding's id (1..31) or a time (below 2^31 ms) is out of range; SPW_TOO_SMALL:
 * receive_size or send_size is below SPW_FRAME_MIN. */
spw_status_t spw_client_init(spw_client_t *client, const spw_client_config_t *config);

/* Does a bounded piece of work: receives at most once, handles and sends a bounded number of frames
 * (SPW_FRAMES_PER_STEP), and runs at most `slices` slices (>= 1): of the trainer, or of the work before and after it
 * (SPW_SLICE_BYTES each). A Cancel or WrapUp that has arrived acts before the first slice of this call.
 * now_ms: a clock that never runs backwards and wraps at 2^32; steps must be less than 2^31 ms apart.
 * The functions of transport, trainer, encoding, may_train and on_event are called from here, and must not call back
 * into this client. */
spw_wish_t spw_client_step(spw_client_t *client, uint32_t now_ms, uint32_t slices);

/* Says goodbye when a connection is up and its stream takes it, and closes the stream; the task is dropped, and if it
 * is in training, finished as cancelled. The client may be stepped again afterwards and then starts anew; it keeps its
 * token and its place in the sequence of random numbers. Calls transport, trainer and on_event, like a step. */
void spw_client_stop(spw_client_t *client);

/* True while the tensors hold a complete model: false from the first byte of new parameters until they are checked. */
bool spw_client_model_valid(const spw_client_t *client);

/* True while a connection is up and welcomed. */
bool spw_client_connected(const spw_client_t *client);

#ifdef __cplusplus
}
#endif

/* MISRA deviation D.6: struct spw_client stands last, for its size only: its members are private. */
#include "speedwell/client_state.h"

#endif
