/* speedwell-device: one device of a fleet as a process. See README.md. */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "csv.h"
#include "mlp_trainer.h"
#include "offline.h"
#include "options.h"
#include "report.h"
#include "speedwell/client.h"
#include "speedwell/numerics.h"
#include "speedwell/posix.h"
#include "state.h"

enum { ROWS_MAX = 4096, CONFIG_MAX = 4096, METRICS_MAX = 1024 };

typedef struct {
  float features[ROWS_MAX * MLP_INPUTS];
  uint8_t labels[ROWS_MAX];
} table_t;

/* What an update consists of until it is accepted: with --state it outlives the process. */
typedef struct {
  mlp_trainer_t trainer;
  uint8_t config[CONFIG_MAX];
  uint8_t metrics[METRICS_MAX];
} retained_t;

/* Everything the process needs, 4.2 MB, of which the system gives what is touched: about 256 bytes a row, and the
 * buffers as far as frames reach. */
typedef struct {
  spw_client_t client;
  spw_posix_tcp_t tcp;
  report_t report;
  state_t state;
  bool keeps;
  retained_t unretained;
  retained_t *retained;
  uint32_t order[ROWS_MAX];
  table_t own;
  table_t test;
  uint8_t receive[FRAME_BUFFER_MAX];
  uint8_t send[FRAME_BUFFER_MAX];
} memory_t;

static volatile sig_atomic_t stop;

static void on_signal(int number) {
  (void)number;
  stop = 1;
}

static void catch_signals(void) {
  struct sigaction action;
  (void)memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

/* SIGTERM comes when the process that started this one is gone. */
static bool end_with_parent(void) {
#ifdef __linux__
  return prctl(PR_SET_PDEATHSIG, (unsigned long)SIGTERM) == 0;
#else
  return false;
#endif
}

static bool load(const char *path, float scale, table_t *into, mlp_rows_t *rows) {
  csv_table_t table = {(uint32_t)MLP_INPUTS, (uint32_t)MLP_CLASSES, into->features,
                       into->labels,         (uint32_t)ROWS_MAX,    0u};
  char message[512];
  const bool loaded = csv_load(&table, path, message, sizeof message);
  if (!loaded) {
    (void)fprintf(stderr, "speedwell-device: %s\n", message);
  }
  for (uint32_t i = 0u; i < (table.rows * (uint32_t)MLP_INPUTS); i++) {
    into->features[i] *= scale;
  }
  rows->features = into->features;
  rows->labels = into->labels;
  rows->count = table.rows;
  return loaded;
}

static void on_event(void *application, const spw_event_t *event) {
  memory_t *memory = (memory_t *)application;
  report_event(&memory->report, event);
  if (memory->keeps) {
    state_event(&memory->state, event);
  }
}

static spw_wish_t step_kept(void *self, uint32_t now_ms, uint32_t slices) {
  return spw_keep_step((spw_keep_t *)self, now_ms, slices);
}

/* The trainer; the parameters that an earlier process has left stay, its pointers do not. */
static void init_trainer(memory_t *memory, mlp_rows_t rows, const options_t *options) {
  mlp_trainer_t *trainer = &memory->retained->trainer;
  const mlp_parameters_t left = trainer->net.parameters;
  mlp_trainer_init(trainer, rows, memory->order);
  trainer->net.parameters = left;
  trainer->trainer.numerics = (uint32_t)spw_numerics_class();
  if (options->evaluate_only) {
    trainer->trainer.kinds = 1u << (uint32_t)SPW_KIND_EVALUATE;
  }
}

static void fill_config(memory_t *memory, const options_t *options, spw_client_config_t *config) {
  (void)memset(config, 0, sizeof *config);
  config->size = (uint32_t)sizeof *config;
  config->device_id = options->id;
  config->transport = &memory->tcp.transport;
  config->trainer = &memory->retained->trainer.trainer;
  config->receive_buffer = memory->receive;
  config->receive_size = options->frame_buffer;
  config->send_buffer = memory->send;
  config->send_size = options->frame_buffer;
  config->config_buffer = memory->retained->config;
  config->config_size = (uint32_t)sizeof memory->retained->config;
  config->metrics_buffer = memory->retained->metrics;
  config->metrics_size = (uint32_t)sizeof memory->retained->metrics;
  config->seed = options->seeded ? options->seed : spw_posix_seed();
  config->application = memory;
  config->on_event = on_event;
}

static int run_client(memory_t *memory, const options_t *options) {
  if (memory->keeps) {
    if (!state_attach(&memory->state, &memory->client)) {
      return EXIT_STATE;
    }
    spw_posix_loop(step_kept, &memory->state.keep, &memory->tcp, options->pace_ms, &stop);
    spw_client_stop(&memory->client);
  } else {
    spw_posix_run(&memory->client, &memory->tcp, options->pace_ms, &stop);
  }
  return EXIT_SUCCESS;
}

static int run_online(memory_t *memory, const options_t *options) {
  spw_client_config_t config;
  report_init(&memory->report, options->id, options->server, &memory->tcp, options->quiet);
  fill_config(memory, options, &config);
  if (spw_posix_tcp_init(&memory->tcp, options->server) != SPW_OK) {
    (void)fprintf(stderr,
                  "speedwell-device: --server: '%s' is not HOST:PORT with a port 1..65535 (an IPv6 address goes in "
                  "brackets)\n",
                  options->server);
    return EXIT_USAGE;
  }
  memory->keeps = (options->state != NULL);
  if (memory->keeps) {
    if (!state_open(&memory->state, options->state, options->id, options->quiet)) {
      return EXIT_STATE;
    }
    config.seed = spw_keep_seed(&memory->state.keep, config.seed);
  }
  if (spw_client_init(&memory->client, &config) != SPW_OK) {
    (void)fprintf(stderr, "speedwell-device: the client refuses its settings; check --id and --frame-buffer\n");
    return EXIT_USAGE;
  }
  return run_client(memory, options);
}

int main(int argc, char **argv) {
  static memory_t memory;
  options_t options;
  mlp_rows_t own = {NULL, NULL, 0u};
  mlp_rows_t test = {NULL, NULL, 0u};
  if (!options_parse(&options, argc, argv)) {
    return EXIT_USAGE;
  }
  if (options.help) {
    options_help();
    return EXIT_SUCCESS;
  }
  if (!spw_numerics_self_test()) {
    (void)fprintf(stderr,
                  "speedwell-device: the arithmetic of this machine fails the self-test: rounding, infinity or "
                  "NaN are not as IEEE 754 says; build without options like -ffast-math\n");
    return EXIT_ARITHMETIC;
  }
  if (!load(options.data, options.feature_scale, &memory.own, &own) ||
      ((options.test != NULL) && !load(options.test, options.feature_scale, &memory.test, &test))) {
    return EXIT_DATA;
  }
  catch_signals();
  if (options.with_parent && !end_with_parent()) {
    (void)fprintf(stderr, "speedwell-device: --with-parent: this system cannot tell when a parent ends\n");
    return EXIT_USAGE;
  }
  memory.retained = (options.state != NULL) ? state_memory(options.state, sizeof(retained_t)) : &memory.unretained;
  if (memory.retained == NULL) {
    return EXIT_STATE;
  }
  init_trainer(&memory, own, &options);
  if (options.offline_epochs != 0u) {
    offline_run(&memory.retained->trainer, &test, &options, &stop);
    return EXIT_SUCCESS;
  }
  return run_online(&memory, &options);
}
