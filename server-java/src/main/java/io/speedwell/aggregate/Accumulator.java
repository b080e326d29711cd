package io.speedwell.aggregate;

import io.speedwell.model.Parameters;

/**
 * The sum of a round, exact and therefore the same for any order of its updates.
 *
 * <p>Threading: one owner calls {@link #count}, {@link #merge}, {@link #finish}. {@link
 * #fold(Contribution, int, int)} may run on other threads at once as long as their ranges are
 * disjoint; the owner must see them done (happens-before) before it merges or finishes.
 */
public interface Accumulator {
  /** Elements that are folded by one thread at a time: ranges begin at multiples of it. */
  int BLOCK = 4_096;

  /**
   * What a round comes to.
   *
   * @param model the next model
   * @param state the strategy's state for the next round
   */
  record Outcome(Parameters model, byte[] state) {}

  /**
   * Counts a contribution: its weight and its place in the bound. Once for each, before its ranges
   * are folded; every range must then be folded.
   *
   * @throws IllegalArgumentException when its length or its examples are out of range
   * @throws IllegalStateException when the round already counted as many as it may
   */
  void count(Contribution contribution);

  /**
   * Adds elements from..to-1 of a counted contribution. Ranges of any bounds are right; only those
   * that begin at multiples of {@link #BLOCK} may be folded at once.
   *
   * @throws IndexOutOfBoundsException when the range is not within the update
   */
  void fold(Contribution contribution, int from, int to);

  /** Counts and folds a whole contribution. */
  default void fold(Contribution contribution) {
    count(contribution);
    fold(contribution, 0, contribution.values().length);
  }

  /**
   * Adds another sum of the same round, which stays as it is.
   *
   * @throws IllegalArgumentException when it was opened with other arguments
   * @throws IllegalStateException when both together counted more than the round may
   */
  void merge(Accumulator other);

  /** Contributions counted. */
  int updates();

  /** Examples held by all that were counted. */
  long examples();

  /** The next model; the base itself when nothing was counted. May be called again. */
  Outcome finish();
}
