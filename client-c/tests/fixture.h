/*
 * A device and a scripted server in memory. The test is the server: it says messages, expects the device's, moves the
 * clock, cuts the link. Nothing runs by itself.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "fixture_trainer.h"
#include "speedwell.pb.h"
#include "speedwell/client.h"
#include "testing.h"

enum { PIPE_SIZE = 65536, EVENTS_MOST = 512, CONFIG_SIZE = 64, METRICS_SIZE = 1024 };

typedef struct {
  uint8_t bytes[PIPE_SIZE];
  uint32_t size;
  uint32_t at; /* read so far */
} pipe_t;

/* The four parallel lists of blobs, unpacked; each with a count of its own, so that a test can make them uneven. */
typedef struct {
  uint32_t role_count;
  uint32_t role[8];
  uint32_t length_count;
  uint32_t length[8];
  uint32_t crc_count;
  uint32_t crc[8];
  uint32_t encoding_count;
  uint32_t encoding[8];
} blobs_t;

typedef struct fixture {
  spw_client_t client;
  spw_client_config_t config;
  spw_transport_t transport;
  fixture_trainer_t trainer;
  uint8_t *buffers[4]; /* receive, send, config, metrics: objects of their own, so that sanitizers see their ends */
  blobs_t blobs;       /* of the next RunOffer or Task that is said */
  blobs_t heard_blobs; /* of the last Result heard */
  pipe_t down;         /* to the device */
  pipe_t up;
  uint32_t now;
  uint32_t slices;
  int32_t opens;  /* what open returns */
  uint32_t piece; /* most bytes in one send or receive; 0: any number */
  uint32_t room;  /* bytes the stream still takes from the device; UINT32_MAX: any number */
  bool broken;    /* send and receive fail */
  bool opened;
  uint32_t opened_times;
  uint32_t closed_times;
  bool denies; /* may_train says no */
  spw_event_t events[EVENTS_MOST];
  uint32_t event_count;
  char detail[65]; /* of the last event that had one */
  spw_wish_t wish; /* of the last step */
  uint32_t steps;
  uint32_t run_handle;
  uint32_t task_handle;
  uint8_t layout[128]; /* what the server thinks the layout is */
  uint32_t layout_size;
  uint8_t parameters[4 * DOWN_ELEMENTS];
  uint8_t run_config[CONFIG_SIZE];
  uint32_t run_config_size;
  void *session;                                                     /* of the test that conducts it, or NULL */
  void *keeper;                                                      /* of the test that keeps it, or NULL */
  spw_wish_t (*steps_with)(struct fixture *self);                    /* in place of spw_client_step, or NULL */
  void (*hears_too)(struct fixture *self, const spw_event_t *event); /* every event, or NULL */
} fixture_t;

/* A device with buffers of `frame` bytes; the config can still be changed before fixture_start. */
fixture_t *fixture_new(uint32_t frame);
void fixture_start(fixture_t *self);
void fixture_free(fixture_t *self);

/* Steps until the device wants nothing that is at hand; fails if it never does. */
void fixture_run(fixture_t *self);
/* One step. */
void fixture_step(fixture_t *self);
/* Moves the clock on, stepping the device whenever it wished to be woken. */
void fixture_pass(fixture_t *self, uint32_t ms);

/* The server's side. A RunOffer or Task is said with the lists of self->blobs. */
void fixture_say(fixture_t *self, const speedwell_ToDevice *message);
void fixture_say_raw(fixture_t *self, const void *bytes, uint32_t size);
/* Takes the device's next frame; false if there is none. Views live until the link is cut. */
bool fixture_hear(fixture_t *self, speedwell_ToServer *message);
/* Takes the lists of a Result apart, into self->heard_blobs. */
void fixture_take_lists(fixture_t *self, const speedwell_Result *result);
/* Runs, and takes a frame that must be the one of outer number `which`. */
void fixture_expect(fixture_t *self, pb_size_t which, speedwell_ToServer *message);
/* Runs, and there must be no frame. */
void fixture_expect_silence(fixture_t *self);
/* The link breaks; the device notices. */
void fixture_cut(fixture_t *self);
/* For a transport that says it moved more than it was asked to. */
int32_t fixture_send_too_much(void *context, const uint8_t *bytes, uint32_t size);
int32_t fixture_receive_too_much(void *context, uint8_t *bytes, uint32_t capacity);

/* The run, and a task of it, without running the device. */
void fixture_say_offer(fixture_t *self, uint64_t run_id, uint32_t encoding);
void fixture_say_task(fixture_t *self, uint32_t kind, uint32_t round, uint32_t max_ms);

/* Phrases of the conversation. Each runs the device. */
void fixture_welcome(fixture_t *self, uint32_t frame_limit); /* expects Hello */
void fixture_connect(fixture_t *self);                       /* waits for the back-off, Hello, Welcome */
void fixture_offer(fixture_t *self, uint64_t run_id, uint32_t encoding);
void fixture_ready(fixture_t *self); /* the offer, and its config if asked for, up to RunReady */
void fixture_task(fixture_t *self, uint32_t round, uint32_t max_ms);
void fixture_task_of_kind(fixture_t *self, uint32_t kind, uint32_t round, uint32_t max_ms);
void fixture_send_blob(fixture_t *self, uint32_t handle, uint32_t blob, const uint8_t *bytes, uint32_t from,
                       uint32_t to, uint32_t chunk);
void fixture_download(fixture_t *self); /* expects the grant, sends all parameters */
void fixture_grant(fixture_t *self, uint32_t blob, uint32_t offset, uint32_t length);
/* Takes chunks of `blob` until nothing comes; they must be in order from `offset`; returns where they end. */
uint32_t fixture_collect(fixture_t *self, uint32_t blob, uint32_t offset, uint8_t *bytes);
void fixture_small(fixture_t *self, pb_size_t which, uint32_t handle,
                   uint32_t number); /* WrapUp, Cancel, Accepted ... */

/* How often an event came, and the number of its last occurrence. */
uint32_t fixture_events(const fixture_t *self, spw_event_kind_t kind);
uint32_t fixture_event_number(const fixture_t *self, spw_event_kind_t kind);

uint32_t fixture_crc(uint64_t run_id, uint32_t role, uint32_t encoding, uint32_t round, uint32_t update_id,
                     const uint8_t *bytes, uint32_t size);
/* The plain update that the trainer's tensors make. */
void fixture_update(const fixture_t *self, uint8_t bytes[4 * UP_ELEMENTS]);

#endif
