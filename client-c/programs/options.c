#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlp_trainer.h"
#include "speedwell/client.h"

static const char HELP[] =
    "usage: speedwell-device --server HOST:PORT --id ID --data CSV [options]\n"
    "       speedwell-device --offline-epochs N --data CSV [--test CSV] [options]\n"
    "\n"
    "One device of a fleet. It learns handwritten digits (a 64-32-10 network) from its own rows and sends the fleet\n"
    "server nothing but weights. CSV: 64 features, then the class 0..9, no header, at most 4096 rows.\n"
    "\n"
    "  --server HOST:PORT    the fleet server; an IPv6 address in brackets\n"
    "  --id ID               this device's name in the fleet: 1..32 printable ASCII characters, no space\n"
    "  --data CSV            the rows of this device\n"
    "  --feature-scale X     every feature is multiplied by it (default 1: as it stands in the file)\n"
    "  --frame-buffer N      bytes of the receive and of the send buffer, 256..1048576 (default 4096)\n"
    "  --evaluate-only       scores models on its rows, never trains\n"
    "  --state FILE          keeps in FILE, and in FILE.memory, what outlives a power cut or a kill: a finished "
    "update\n"
    "                        goes on where it was\n"
    "  --seed N              of the back-off's jitter, or of offline training (default: random, or 1)\n"
    "  --pace-ms N           pause of N ms after every mini-batch (default 0), to leave the processor to others\n"
    "  --with-parent         ends when the process that started it ends, however that happens (Linux)\n"
    "  --quiet               says only what needs attention\n"
    "\n"
    "  --offline-epochs N    trains alone, N epochs from a seeded He initialisation, and prints the accuracy\n"
    "  --test CSV            rows to measure that accuracy on, beside its own\n"
    "  --learning-rate X     of offline training (default 0.2); online the run's configuration says it\n"
    "  --batch N             rows in a mini-batch of offline training, 1..64 (default 8); online as above\n"
    "  --json                prints the result of offline training as one line of JSON\n"
    "  --help                this text\n"
    "\n"
    "exit codes: 0 stopped by SIGINT or SIGTERM, or offline training is done; 2 wrong command line; 3 the data file "
    "is\n"
    "missing or wrong; 4 this machine's arithmetic fails the self-test; 5 the state cannot be kept\n";

void options_help(void) {
  (void)fputs(HELP, stdout);
}

static bool complain(const char *what, const char *why) {
  (void)fprintf(stderr, "speedwell-device: %s: %s; --help lists the options\n", what, why);
  return false;
}

static bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *number) {
  char *end = NULL;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  const bool digits = (text[0] >= '0') && (text[0] <= '9') && (*end == '\0');
  *number = (uint64_t)value;
  return digits && (errno == 0) && (value >= least) && (value <= most);
}

static bool take_u32(const char *name, const char *text, uint32_t least, uint32_t most, uint32_t *value) {
  uint64_t number = 0u;
  if (!parse_number(text, least, most, &number)) {
    (void)fprintf(stderr, "speedwell-device: %s: '%s' is not a whole number %lu..%lu; --help lists the options\n", name,
                  text, (unsigned long)least, (unsigned long)most);
    return false;
  }
  *value = (uint32_t)number;
  return true;
}

static bool take_positive(const char *name, const char *text, float *value) {
  char *end = NULL;
  *value = strtof(text, &end);
  if ((end == text) || (*end != '\0') || (isfinite(*value) == 0) || !(*value > 0.0f)) {
    return complain(name, "needs a number above 0");
  }
  return true;
}

static bool valid_id(const char *id) {
  const size_t length = strlen(id);
  bool valid = (length >= 1u) && (length <= 32u);
  for (size_t i = 0u; valid && (i < length); i++) {
    valid = (id[i] > ' ') && (id[i] <= '~');
  }
  return valid;
}

/* What belongs together. */
static bool check(const options_t *o) {
  const bool offline = o->offline_epochs != 0u;
  if (o->data == NULL) {
    return complain("--data", "is needed: the CSV file with this device's rows");
  }
  if (offline == (o->server != NULL)) {
    return complain("--server HOST:PORT or --offline-epochs N", "one of them is needed, and not both");
  }
  if (!offline && ((o->id == NULL) || !valid_id(o->id))) {
    return complain("--id", "needs 1..32 printable ASCII characters without space");
  }
  if (offline && (o->state != NULL)) {
    return complain("--state", "goes with --server only");
  }
  if (!offline && ((o->test != NULL) || o->json)) {
    return complain("--test and --json", "go with --offline-epochs only");
  }
  return true;
}

enum {
  OPTION_SERVER = 1,
  OPTION_ID,
  OPTION_DATA,
  OPTION_TEST,
  OPTION_FRAME_BUFFER,
  OPTION_OFFLINE_EPOCHS,
  OPTION_SEED,
  OPTION_STATE,
  OPTION_LEARNING_RATE,
  OPTION_FEATURE_SCALE,
  OPTION_BATCH,
  OPTION_PACE_MS,
  OPTION_EVALUATE_ONLY,
  OPTION_WITH_PARENT,
  OPTION_JSON,
  OPTION_QUIET,
  OPTION_HELP
};

static const struct option NAMES[] = {
    {"server", required_argument, NULL, OPTION_SERVER},
    {"id", required_argument, NULL, OPTION_ID},
    {"data", required_argument, NULL, OPTION_DATA},
    {"test", required_argument, NULL, OPTION_TEST},
    {"frame-buffer", required_argument, NULL, OPTION_FRAME_BUFFER},
    {"offline-epochs", required_argument, NULL, OPTION_OFFLINE_EPOCHS},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"state", required_argument, NULL, OPTION_STATE},
    {"learning-rate", required_argument, NULL, OPTION_LEARNING_RATE},
    {"feature-scale", required_argument, NULL, OPTION_FEATURE_SCALE},
    {"batch", required_argument, NULL, OPTION_BATCH},
    {"pace-ms", required_argument, NULL, OPTION_PACE_MS},
    {"evaluate-only", no_argument, NULL, OPTION_EVALUATE_ONLY},
    {"with-parent", no_argument, NULL, OPTION_WITH_PARENT},
    {"json", no_argument, NULL, OPTION_JSON},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool take(options_t *o, int option, const char *value) {
  switch (option) {
    case OPTION_SERVER:
      o->server = value;
      return true;
    case OPTION_ID:
      o->id = value;
      return true;
    case OPTION_DATA:
      o->data = value;
      return true;
    case OPTION_TEST:
      o->test = value;
      return true;
    case OPTION_FRAME_BUFFER:
      return take_u32("--frame-buffer", value, (uint32_t)SPW_FRAME_MIN, (uint32_t)FRAME_BUFFER_MAX, &o->frame_buffer);
    case OPTION_OFFLINE_EPOCHS:
      return take_u32("--offline-epochs", value, 1u, 1000000u, &o->offline_epochs);
    case OPTION_STATE:
      o->state = value;
      return true;
    case OPTION_SEED:
      o->seeded = parse_number(value, 0u, UINT64_MAX, &o->seed);
      return o->seeded ? true : complain("--seed", "needs a whole number 0..2^64-1");
    case OPTION_LEARNING_RATE:
      return take_positive("--learning-rate", value, &o->learning_rate);
    case OPTION_FEATURE_SCALE:
      return take_positive("--feature-scale", value, &o->feature_scale);
    case OPTION_BATCH:
      return take_u32("--batch", value, 1u, (uint32_t)MLP_TRAINER_BATCH_MOST, &o->batch);
    case OPTION_PACE_MS:
      return take_u32("--pace-ms", value, 0u, 3600000u, &o->pace_ms);
    case OPTION_EVALUATE_ONLY:
      o->evaluate_only = true;
      return true;
    case OPTION_WITH_PARENT:
      o->with_parent = true;
      return true;
    case OPTION_JSON:
      o->json = true;
      return true;
    case OPTION_QUIET:
      o->quiet = true;
      return true;
    case OPTION_HELP:
      o->help = true;
      return true;
    default:
      return false; /* getopt has said what is wrong */
  }
}

bool options_parse(options_t *options, int argc, char **argv) {
  (void)memset(options, 0, sizeof *options);
  options->frame_buffer = 4096u;
  options->learning_rate = MLP_TRAINER_RATE;
  options->feature_scale = 1.0f;
  options->batch = (uint32_t)SPW_SUPERVISED_BATCH;
  for (int option = getopt_long(argc, argv, "", NAMES, NULL); option != -1;
       option = getopt_long(argc, argv, "", NAMES, NULL)) {
    if (!take(options, option, optarg)) {
      return false;
    }
  }
  if (options->help) {
    return true;
  }
  if (optind < argc) {
    return complain(argv[optind], "is not an option");
  }
  return check(options);
}
