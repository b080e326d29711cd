package io.speedwell.aggregate;

import io.speedwell.model.Parameters;

/**
 * Federated averaging (McMahan 2017), weighted by the examples each device holds: tensors of rule
 * mean become base + sum(n_k d_k) / sum(n_k), of rule sum base + sum(d_k), where d_k is the value
 * after training minus the base. Others stay. It has no state.
 *
 * @param range largest |d_k| of an element, 2^-40..2^40
 * @param maxExamples largest n_k, at least 1
 */
public record FedAvg(float range, int maxExamples) implements Strategy {
  /** Name in a plan. */
  public static final String NAME = "fedavg";

  /** Checks the ranges above. */
  public FedAvg {
    if (!(range >= 0x1p-40f && range <= 0x1p40f)) {
      throw new IllegalArgumentException("range %s: 2^-40..2^40 is needed".formatted(range));
    }
    if (maxExamples < 1) {
      throw new IllegalArgumentException(
          "maxExamples %d: at least 1 is needed".formatted(maxExamples));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte[] initialState() {
    return new byte[0];
  }

  @Override
  public Accumulator open(Parameters base, byte[] state, int maxUpdates) {
    if (state.length != 0) {
      throw new IllegalArgumentException(
          "fedavg has no state, %d bytes were given".formatted(state.length));
    }
    return new FedAvgAccumulator(this, base, maxUpdates);
  }
}
