/*
 * A whole session, conducted by itself: a server that asks for a training, one that is wrapped up and an evaluation,
 * resumes what was lost, and counts each result at most once; a device under a transport, a clock and callbacks that
 * fail where they are told to. Nothing is random but what is seeded.
 */
#ifndef SESSION_H
#define SESSION_H

#include "fixture.h"

enum { SESSION_TASKS = 3, SESSION_CALLS = 1024, SESSION_FRAMES = 64, SESSION_METRICS = 18 };

/* What goes wrong. `at` counts from 0: calls of the transport, or what the kind says; `detail` is the kind's. */
typedef enum {
  FAULT_NONE = 0,
  FAULT_SHORT,         /* the call moves `detail` bytes only */
  FAULT_AGAIN,         /* the call says: not now */
  FAULT_LOST,          /* the call says: lost; then `detail` openings fail */
  FAULT_STUCK,         /* from this call on none moves anything, until the device closes */
  FAULT_EXCESS,        /* the call says that it moved more than it was asked to */
  FAULT_DOWN_BYTE,     /* byte `at` of all that comes down is changed: exclusive or with `detail` */
  FAULT_UP_BYTE,       /* the same going up */
  FAULT_FRAME_LOST,    /* the server's frame `at` never leaves */
  FAULT_FRAME_TWICE,   /* it leaves twice */
  FAULT_OFFSET_BACK,   /* a Chunk or Grant of the server begins `detail` bytes earlier than it should */
  FAULT_CLOCK,         /* before step `at` the clock jumps by `detail` ms */
  FAULT_CLOCK_WRAPS,   /* at step `at` the clock wraps at 2^32 */
  FAULT_DENIED,        /* the application's answer `at` is no */
  FAULT_BEGIN_REFUSED, /* the trainer's begin `at` */
  FAULT_STEP_FAILED,   /* the trainer's step `at` */
  FAULT_KINDS
} fault_kind_t;

typedef struct {
  fault_kind_t kind;
  uint32_t at;
  uint32_t detail;
} fault_t;

typedef enum { OUTCOME_OPEN = 0, OUTCOME_COUNTED, OUTCOME_NOTHING } outcome_t;

/* What one call of the transport was and did. */
typedef struct {
  char what; /* 'o'pen, 's'end, 'r'eceive */
  int32_t moved;
} call_t;

typedef struct session {
  fixture_t *device;
  void (*before_step)(struct session *self); /* or NULL */
  spw_transport_t inner;                     /* the fixture's, without faults */
  spw_trainer_t trainer;                     /* the fixture's */
  fault_t faults[2];
  /* what happened so far, in the units of the faults */
  uint32_t calls;
  uint32_t down_bytes;
  uint32_t up_bytes;
  uint32_t frames;
  uint32_t steps;
  uint32_t asked;
  uint32_t begun;
  uint32_t trained;
  call_t log[SESSION_CALLS];
  pb_size_t said[SESSION_FRAMES]; /* the server's frames */
  bool stuck;
  bool broken;           /* the device was told that the stream is lost: it must close it */
  uint32_t complaints;   /* of the device: the server sent what the protocol forbids */
  uint32_t closed_doors; /* openings that are still to fail */
  /* the server: this connection */
  uint32_t connection; /* the opening it belongs to */
  uint32_t run;        /* handles */
  uint32_t task_handle;
  uint32_t next_handle;
  bool wrap_up_said;
  bool accepted;
  /* the server: the task at hand */
  uint32_t task; /* 0..SESSION_TASKS */
  uint32_t attempt;
  uint32_t patience; /* when it is lost */
  uint32_t silences; /* how often it was, with this task */
  bool keeps;        /* the lists and the bytes below belong to a result */
  uint32_t update_id;
  blobs_t result;
  uint32_t blob; /* at hand */
  uint32_t at;
  uint32_t credit;
  uint8_t bytes[8][4 * UP_ELEMENTS];
  /* the results */
  outcome_t outcomes[SESSION_TASKS];
  uint32_t result_steps[SESSION_TASKS];
  uint32_t counted[SESSION_TASKS];
} session_t;

/* Runs the whole session under up to two faults, over a stream that moves at most `piece` bytes a call (0: any number),
 * and checks what holds under any: bounded steps, one finish for each
 * begin, no training on parameters that are not the round's, no result but one that was trained, none counted twice,
 * a device at rest in the end. The caller frees it with session_free. */
session_t *session_run(const fault_t faults[2], uint32_t piece);

/* The same in two: in between the test may change the device, and hook itself in. */
session_t *session_new(const fault_t faults[2], uint32_t piece);
void session_conduct(session_t *self);

void session_free(session_t *self);

/* True if every task came to what it comes to without faults. */
bool session_unharmed(const session_t *self);

#endif
