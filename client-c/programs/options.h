/* The command line of speedwell-device. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { EXIT_USAGE = 2, EXIT_DATA = 3, EXIT_ARITHMETIC = 4, EXIT_STATE = 5 };

enum { FRAME_BUFFER_MAX = 1048576 };

typedef struct {
  const char *server; /* NULL: train offline */
  const char *id;
  const char *data;
  const char *state; /* file of what outlives a power cut, or NULL */
  const char *test;  /* held-out rows of offline training, or NULL */
  uint32_t frame_buffer;
  uint32_t offline_epochs; /* 0: not offline */
  uint64_t seed;
  bool seeded;
  float learning_rate;
  float feature_scale; /* every feature is multiplied by it */
  uint32_t batch;
  uint32_t pace_ms;
  bool evaluate_only;
  bool with_parent;
  bool json;
  bool quiet;
  bool help;
} options_t;

/* Reads the command line; false: what is wrong was said on stderr. */
bool options_parse(options_t *options, int argc, char **argv);

/* Prints the help on stdout. */
void options_help(void);

#endif
