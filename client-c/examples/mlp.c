#include "mlp.h"

#include <stddef.h>
#include <string.h>

#include "elementary.h"

uint32_t mlp_random(uint64_t *state) {
  *state += 0x9E3779B97F4A7C15u;
  uint64_t z = *state;
  z = (z ^ (z >> 30u)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27u)) * 0x94D049BB133111EBu;
  return (uint32_t)((z ^ (z >> 31u)) >> 32u);
}

static void fill_uniform(float *values, uint32_t count, float bound, uint64_t *state) {
  for (uint32_t i = 0u; i < count; i++) {
    const float unit = (float)(mlp_random(state) >> 8u) * (1.0f / 16777216.0f); /* [0, 1) */
    values[i] = ((2.0f * unit) - 1.0f) * bound;
  }
}

void mlp_init(mlp_t *net, uint64_t seed) {
  uint64_t state = seed;
  (void)memset(net, 0, sizeof *net);
  fill_uniform(net->parameters.weight1, (uint32_t)MLP_HIDDEN * (uint32_t)MLP_INPUTS, 0.306186218f, &state);
  fill_uniform(net->parameters.weight2, (uint32_t)MLP_CLASSES * (uint32_t)MLP_HIDDEN, 0.433012702f, &state);
}

/* y = W x + b */
static void dense(float *y, const float *weight, const float *bias, const float *x, uint32_t outputs, uint32_t inputs) {
  for (uint32_t o = 0u; o < outputs; o++) {
    const float *row = &weight[(size_t)o * inputs];
    float sum = bias[o];
    for (uint32_t i = 0u; i < inputs; i++) {
      sum += row[i] * x[i];
    }
    y[o] = sum;
  }
}

/* Gradients of W and b grow by dy x^T and dy. */
static void dense_gradient(float *weight, float *bias, const float *dy, const float *x, uint32_t outputs,
                           uint32_t inputs) {
  for (uint32_t o = 0u; o < outputs; o++) {
    float *row = &weight[(size_t)o * inputs];
    for (uint32_t i = 0u; i < inputs; i++) {
      row[i] += dy[o] * x[i];
    }
    bias[o] += dy[o];
  }
}

/* Leaves activations and class probabilities in the network; returns the loss. */
static float forward(mlp_t *net, const float *x, uint8_t label, bool *correct) {
  const mlp_parameters_t *p = &net->parameters;
  float *out = net->probability;
  dense(net->hidden, p->weight1, p->bias1, x, (uint32_t)MLP_HIDDEN, (uint32_t)MLP_INPUTS);
  for (uint32_t h = 0u; h < (uint32_t)MLP_HIDDEN; h++) {
    net->hidden[h] = (net->hidden[h] > 0.0f) ? net->hidden[h] : 0.0f;
  }
  dense(out, p->weight2, p->bias2, net->hidden, (uint32_t)MLP_CLASSES, (uint32_t)MLP_HIDDEN);

  uint32_t likeliest = 0u;
  for (uint32_t c = 1u; c < (uint32_t)MLP_CLASSES; c++) {
    likeliest = (out[c] > out[likeliest]) ? c : likeliest;
  }
  *correct = (likeliest == (uint32_t)label);

  /* Softmax, shifted by the largest so that no term overflows. */
  const float largest = out[likeliest];
  const float own = out[label] - largest;
  float sum = 0.0f;
  for (uint32_t c = 0u; c < (uint32_t)MLP_CLASSES; c++) {
    out[c] = elementary_exp(out[c] - largest);
    sum += out[c];
  }
  for (uint32_t c = 0u; c < (uint32_t)MLP_CLASSES; c++) {
    out[c] /= sum;
  }
  return elementary_log(sum) - own;
}

/* Adds the gradient of one row's loss, after forward. */
static void backward(mlp_t *net, const float *x, uint8_t label) {
  const float *weight2 = net->parameters.weight2;
  float *dout = net->probability; /* d loss / d logit = probability - 1 for the row's class, = probability elsewhere */
  float dhidden[MLP_HIDDEN];
  dout[label] -= 1.0f;
  for (uint32_t h = 0u; h < (uint32_t)MLP_HIDDEN; h++) {
    float sum = 0.0f;
    for (uint32_t c = 0u; c < (uint32_t)MLP_CLASSES; c++) {
      sum += weight2[(c * (uint32_t)MLP_HIDDEN) + h] * dout[c];
    }
    dhidden[h] = (net->hidden[h] > 0.0f) ? sum : 0.0f;
  }
  dense_gradient(net->gradient.weight2, net->gradient.bias2, dout, net->hidden, (uint32_t)MLP_CLASSES,
                 (uint32_t)MLP_HIDDEN);
  dense_gradient(net->gradient.weight1, net->gradient.bias1, dhidden, x, (uint32_t)MLP_HIDDEN, (uint32_t)MLP_INPUTS);
}

static void descend(float *values, const float *gradient, uint32_t count, float rate) {
  for (uint32_t i = 0u; i < count; i++) {
    values[i] -= rate * gradient[i];
  }
}

void mlp_train(mlp_t *net, const mlp_rows_t *rows, const uint32_t *chosen, uint32_t count, float learning_rate) {
  mlp_parameters_t *p = &net->parameters;
  const mlp_parameters_t *g = &net->gradient;
  (void)memset(&net->gradient, 0, sizeof net->gradient);
  for (uint32_t i = 0u; i < count; i++) {
    const float *x = &rows->features[(size_t)chosen[i] * (size_t)MLP_INPUTS];
    const uint8_t label = rows->labels[chosen[i]];
    bool correct;
    (void)forward(net, x, label, &correct);
    backward(net, x, label);
  }
  const float rate = learning_rate / (float)count; /* the batch's mean gradient */
  descend(p->weight1, g->weight1, (uint32_t)MLP_HIDDEN * (uint32_t)MLP_INPUTS, rate);
  descend(p->bias1, g->bias1, (uint32_t)MLP_HIDDEN, rate);
  descend(p->weight2, g->weight2, (uint32_t)MLP_CLASSES * (uint32_t)MLP_HIDDEN, rate);
  descend(p->bias2, g->bias2, (uint32_t)MLP_CLASSES, rate);
}

float mlp_score(mlp_t *net, const mlp_rows_t *rows, uint32_t row, bool *correct) {
  return forward(net, &rows->features[(size_t)row * (size_t)MLP_INPUTS], rows->labels[row], correct);
}
