package io.speedwell.run;

/**
 * A run that is rolled back goes on as its next generation. Attempts of every generation have
 * numbers of their own, so that no update of an earlier one can count, wherever it is on its way.
 * Pure functions.
 */
public final class Generations {
  private static final int ATTEMPTS = 1_000_000;

  private Generations() {}

  /** The number after which the attempts of a generation begin; generations count from 0. */
  static int attemptsAfter(int generation) {
    return Math.multiplyExact(generation, ATTEMPTS);
  }

  /** The generation of an attempt. */
  public static int of(int attempt) {
    return attempt / ATTEMPTS;
  }
}
