/*
 * Whole sessions (session.h) of a device with a keeper over raw flash, whose power fails: before every step, at every
 * page erased and every unit programmed, again and again. Whatever of its memory outlives that, the server counts every
 * result once, nothing half is sent, and what is kept is what was heard to be committed.
 */
#include <stdio.h>
#include <string.h>

#include "flash_model.h"
#include "session.h"
#include "speedwell/keep.h"

enum { PAGE = 512, CARRIED = 4, POLLS = 12 };

/* What outlives the cut, besides the flash. */
typedef enum { ALL = 0, NOTHING = 1, BUFFERS = 2, TENSORS = 3, SURVIVALS = 4 } survival_t;

typedef struct {
  session_t *session;
  flash_model_t model;
  spw_flash_config_t flash_config;
  spw_flash_t flash;
  spw_keep_config_t keep_config;
  spw_keep_t keep;
  spw_trainer_t trainer; /* the session's */
  uint8_t unit[32];
  uint8_t mirror[SPW_KEEP_BYTES + CARRIED];
  uint32_t carried;
  uint32_t committed;
  survival_t survival;
  uint32_t cut_before; /* step of the session; the next one is drawn from the seed while lives are left */
  uint32_t lives;
  uint64_t random;
  uint32_t heard;                         /* the round that was heard to be committed last */
  uint32_t carried_at[SESSION_TASKS + 1]; /* what was carried when that was heard */
  uint32_t boots;
  uint32_t resumed;
  uint32_t steps;
} life_t;

static life_t *life_of(fixture_t *device) {
  return device->keeper;
}

/* The flash is faster than the stream: several polls to a step. */
static spw_wish_t step(fixture_t *device) {
  life_t *life = life_of(device);
  const spw_wish_t wish = spw_keep_step(&life->keep, device->now, device->slices);
  for (uint32_t i = 0u; i < (uint32_t)POLLS; ++i) {
    (void)spw_keep_flush(&life->keep);
  }
  return wish;
}

static void heard(fixture_t *device, const spw_event_t *event) {
  life_t *life = life_of(device);
  if ((event->kind == SPW_EVENT_COMMITTED) && (device->client.given.kind == (uint8_t)SPW_KIND_TRAIN)) {
    life->heard = event->number;
    life->carried_at[event->number] = life->carried;
  }
  spw_keep_event(&life->keep, event);
}

static bool begin(void *context, const spw_task_t *task) {
  fixture_trainer_t *trainer = context;
  session_t *session = trainer->session;
  life_t *life = life_of(session->device);
  spw_keep_rewind(&life->keep);
  return life->trainer.begin(context, task);
}

static spw_step_t train(void *context, spw_hint_t hint) {
  fixture_trainer_t *trainer = context;
  session_t *session = trainer->session;
  life_t *life = life_of(session->device);
  ++life->carried;
  return life->trainer.step(context, hint);
}

static void boot(life_t *life) {
  fixture_t *device = life->session->device;
  model_power(&life->model);
  assert_int_equal(spw_flash_init(&life->flash, &life->flash_config), SPW_OK);
  assert_int_equal(spw_keep_open(&life->keep, &life->keep_config), SPW_OK);
  assert_true(spw_keep_boots(&life->keep) >= 1u);
  device->config.seed = spw_keep_seed(&life->keep, 42u);
  fixture_start(device);
  assert_int_equal(spw_keep_attach(&life->keep, &device->client), SPW_OK);
  ++life->boots;
}

static void scramble(life_t *life, void *bytes, uint32_t size) {
  uint8_t *memory = bytes;
  for (uint32_t i = 0u; i < size; ++i) {
    memory[i] = (uint8_t)test_random(&life->random);
  }
}

static void lose_memory(life_t *life) {
  fixture_t *device = life->session->device;
  const bool buffers = (life->survival == ALL) || (life->survival == BUFFERS);
  const bool tensors = (life->survival == ALL) || (life->survival == TENSORS);
  scramble(life, &device->client, sizeof(device->client));
  scramble(life, &life->keep, sizeof(life->keep));
  scramble(life, &life->flash, sizeof(life->flash));
  scramble(life, life->mirror, sizeof(life->mirror));
  scramble(life, life->unit, sizeof(life->unit));
  scramble(life, &life->carried, sizeof(life->carried));
  scramble(life, &life->committed, sizeof(life->committed));
  scramble(life, device->config.receive_buffer, device->config.receive_size);
  scramble(life, device->config.send_buffer, device->config.send_size);
  if (!buffers) {
    scramble(life, device->config.config_buffer, device->config.config_size);
    scramble(life, device->config.metrics_buffer, device->config.metrics_size);
  }
  if (!tensors) {
    scramble(life, device->trainer.weight, sizeof(device->trainer.weight));
    scramble(life, device->trainer.bias, sizeof(device->trainer.bias));
  }
}

/* The power fails and comes back; the stream is gone with it. */
static void power_fails(life_t *life) {
  session_t *session = life->session;
  fixture_t *device = session->device;
  const bool died = life->model.dead; /* while something was written: it may be there or not */
  life->resumed += spw_keep_resumed(&life->keep) ? 1u : 0u;
  const bool pending = life->keep.changed || life->keep.saving || died;
  life->model.dead = true;
  lose_memory(life);
  device->opened = false;
  session->broken = false;
  session->stuck = false;
  device->trainer.finished = device->trainer.begun;
  life->model.cut_at = (uint32_t)MODEL_NEVER;
  life->carried = 0u; /* what the application begins with */
  boot(life);
  const uint32_t round = spw_keep_round(&life->keep);
  assert_true((round == life->heard) || (pending && (round < life->heard)));
  assert_int_equal(life->carried, life->carried_at[round]);
  assert_int_equal(life->committed, life->carried_at[round]);
  life->heard = round; /* what was not kept was never heard */
}

static void before_step(session_t *session) {
  life_t *life = life_of(session->device);
  if ((life->lives > 0u) && (life->model.dead || (session->steps == life->cut_before))) {
    --life->lives;
    power_fails(life);
    life->cut_before = session->steps + 1u + test_below(&life->random, 60u);
    if (test_below(&life->random, 2u) == 0u) {
      life->model.cut_at = life->model.steps + test_below(&life->random, 80u);
    }
  }
}

/* A whole session; `cut_before`: a step of it, `cut_at`: a step of the flash, `lives`: how often the power fails. */
static life_t live(uint32_t cut_before, uint32_t cut_at, survival_t survival, uint32_t lives, uint64_t seed) {
  static const fault_t none[2] = {{FAULT_NONE, 0u, 0u}, {FAULT_NONE, 0u, 0u}};
  life_t life;
  (void)memset(&life, 0, sizeof(life));
  model_init(&life.model, PAGE, 8u, 0xFFu, seed);
  life.model.corrects = ((seed % 2u) == 0u);
  life.model.cut_at = cut_at;
  life.model.latency = (uint32_t)(seed % 3u);
  life.cut_before = cut_before;
  life.survival = survival;
  life.lives = lives;
  life.random = seed;
  const spw_flash_config_t flash_config = {sizeof(flash_config),
                                           &life.model.device,
                                           MODEL_BASE,
                                           MODEL_BASE + PAGE,
                                           PAGE,
                                           sizeof(life.mirror),
                                           life.unit,
                                           sizeof(life.unit),
                                           100000u};
  const spw_keep_config_t keep_config = {
      sizeof(keep_config),      &life.flash.store,          life.mirror, sizeof(life.mirror), true,
      (uint8_t *)&life.carried, (uint8_t *)&life.committed, CARRIED};
  life.flash_config = flash_config;
  life.keep_config = keep_config;
  session_t *session = session_new(none, 0u);
  fixture_t *device = session->device;
  life.session = session;
  life.trainer = device->trainer.trainer;
  device->keeper = &life;
  device->steps_with = step;
  device->hears_too = heard;
  device->trainer.trainer.begin = begin;
  device->trainer.trainer.step = train;
  session->before_step = before_step;
  boot(&life);
  session_conduct(session);
  assert_true(session_unharmed(session)); /* every result came, and was counted once */
  while (!spw_keep_flush(&life.keep)) {
  }
  life.resumed += spw_keep_resumed(&life.keep) ? 1u : 0u;
  life.steps = session->steps;
  session_free(session);
  life.session = NULL;
  return life;
}

static uint32_t sessions;
static uint32_t steps_of_a_session; /* bounds of the sweeps, from a session without cuts */
static uint32_t steps_of_its_flash;

/* SPW-PWR-10 */
static void without_cuts_all_is_kept(void **state) {
  (void)state;
  const life_t life = live((uint32_t)MODEL_NEVER, (uint32_t)MODEL_NEVER, ALL, 0u, 1u);
  assert_int_equal(life.keep.kept.committed_round, 2u); /* the third task was an evaluation */
  assert_int_equal(life.committed, life.carried_at[2]);
  assert_int_equal(spw_flash_writes(&life.flash), 1u + 2u + 2u); /* a boot, two updates, two commits */
  steps_of_its_flash = life.model.steps;
  steps_of_a_session = life.steps;
}

/* SPW-PWR-07, SPW-PWR-08, SPW-PWR-09 */
static void before_every_step(void **state) {
  uint32_t resumed = 0u;
  (void)state;
  for (uint32_t survival = 0u; survival < (uint32_t)SURVIVALS; ++survival) {
    uint32_t some = 0u;
    for (uint32_t at = 0u; at < steps_of_a_session; ++at) {
      some += live(at, (uint32_t)MODEL_NEVER, (survival_t)survival, 1u, at).resumed;
      ++sessions;
    }
    assert_int_equal(some > 0u, survival == (uint32_t)ALL);
    resumed += some;
  }
  print_message("%u uploads went on after a reboot\n", (unsigned)resumed);
}

/* SPW-PWR-07, SPW-PWR-09 */
static void at_every_step_of_the_flash(void **state) {
  (void)state;
  for (uint32_t at = 0u; at < steps_of_its_flash; ++at) {
    for (uint64_t seed = 0u; seed < 6u; ++seed) {
      (void)live((uint32_t)MODEL_NEVER, at, (seed < 4u) ? ALL : NOTHING, 1u, (at * 6u) + seed);
      ++sessions;
    }
  }
}

/* SPW-PWR-07, SPW-PWR-09 */
static void again_and_again(void **state) {
  uint32_t boots = 0u;
  (void)state;
  for (uint64_t seed = 0u; seed < 4000u; ++seed) {
    boots += live((uint32_t)(seed % 50u), (uint32_t)MODEL_NEVER, (survival_t)(seed % SURVIVALS), 6u, seed).boots;
    ++sessions;
  }
  (void)printf("figure: %u sessions with power cuts, %u boots in the last 4000 of them; each result counted once\n",
               (unsigned)sessions, (unsigned)boots);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_cuts_all_is_kept),
      cmocka_unit_test(before_every_step),
      cmocka_unit_test(at_every_step_of_the_flash),
      cmocka_unit_test(again_and_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
