/*
 * A small neural network for handwritten digits: 64 inputs, 32 hidden units (ReLU), 10 classes (softmax,
 * cross-entropy), trained by plain mini-batch SGD. No heap; all state is in the caller's mlp_t. Arithmetic is binary32
 * in a fixed order, so that the same seed and rows give the same bits.
 */
#ifndef MLP_H
#define MLP_H

#include <stdbool.h>
#include <stdint.h>

enum { MLP_INPUTS = 64, MLP_HIDDEN = 32, MLP_CLASSES = 10 };

/* Weights are stored a row per output: weight1[h * MLP_INPUTS + i]. */
typedef struct {
  float weight1[MLP_HIDDEN * MLP_INPUTS];
  float bias1[MLP_HIDDEN];
  float weight2[MLP_CLASSES * MLP_HIDDEN];
  float bias2[MLP_CLASSES];
} mlp_parameters_t;

typedef struct {
  mlp_parameters_t parameters;
  mlp_parameters_t gradient; /* of the mini-batch at hand */
  float hidden[MLP_HIDDEN];
  float probability[MLP_CLASSES];
} mlp_t;

/* Examples: row r has features[r * MLP_INPUTS ...], scaled to about 0..1, and labels[r] in 0..MLP_CLASSES - 1. */
typedef struct {
  const float *features;
  const uint8_t *labels;
  uint32_t count;
} mlp_rows_t;

/* The next number of a seeded generator (SplitMix64); the state is the seed at first. */
uint32_t mlp_random(uint64_t *state);

/* He initialisation: weights uniform in +-sqrt(6 / inputs of the layer), biases 0. */
void mlp_init(mlp_t *net, uint64_t seed);

/* One step of SGD on the mini-batch rows[chosen[0]] .. rows[chosen[count - 1]], count >= 1. Cost: O(count). */
void mlp_train(mlp_t *net, const mlp_rows_t *rows, const uint32_t *chosen, uint32_t count, float learning_rate);

/* Cross-entropy loss of one row; *correct tells whether its class is the likeliest one. */
float mlp_score(mlp_t *net, const mlp_rows_t *rows, uint32_t row, bool *correct);

#endif
