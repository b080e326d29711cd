package io.speedwell.aggregate;

import io.speedwell.model.Parameters;

/**
 * How a round's updates become the next model. Immutable and without state of its own: what a
 * strategy carries from round to round (momentum, control variates) is the opaque <i>state</i>,
 * part of every checkpoint.
 */
public interface Strategy {
  /** Name in a plan. */
  String name();

  /** Largest distance of an update's element from the base; updates beyond it are refused. */
  float range();

  /** Most examples one device may hold; results that claim more are refused. */
  int maxExamples();

  /** State before the first round. */
  byte[] initialState();

  /**
   * Opens an empty sum for a round. Sums opened with equal arguments merge.
   *
   * @param base the model the round started from
   * @param state {@link #initialState()} or what the last committed round's finish returned
   * @param maxUpdates most updates the round can count, merged sums included; at least 1
   * @throws IllegalArgumentException when the state is not this strategy's
   */
  Accumulator open(Parameters base, byte[] state, int maxUpdates);
}
