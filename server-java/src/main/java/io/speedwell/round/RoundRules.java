package io.speedwell.round;

/**
 * The rules of a round. Times in milliseconds.
 *
 * @param goal results that end the round; at least {@code minimum}
 * @param minimum results without which the round is abandoned; at least 1
 * @param overSelection devices asked beyond the goal; 0 or more
 * @param pool eligible devices that must be there before any is picked, so that the same fleet
 *     gives the same cohort whatever its order of arrival; 0: as many as are wanted
 * @param selectingMs after this time a round begins with what is there, if that is the minimum;
 *     else it waits on
 * @param deadlineMs from the first task given out
 * @param wrapUpLeadMs how long before the deadline devices are told to wrap up; below {@code
 *     deadlineMs}
 * @param graceMs a lost device may come back for so long before it counts as lost, when nobody can
 *     replace it
 */
public record RoundRules(
    int goal,
    int minimum,
    int overSelection,
    int pool,
    long selectingMs,
    long deadlineMs,
    long wrapUpLeadMs,
    long graceMs) {

  public RoundRules {
    if (minimum < 1 || goal < minimum || overSelection < 0 || pool < 0) {
      throw new IllegalArgumentException(
          "goal %d, minimum %d, over-selection %d, pool %d: 1 <= minimum <= goal, the others 0 or more"
              .formatted(goal, minimum, overSelection, pool));
    }
    if (deadlineMs < 1
        || wrapUpLeadMs < 0
        || wrapUpLeadMs >= deadlineMs
        || selectingMs < 0
        || graceMs < 0) {
      throw new IllegalArgumentException(
          "deadline %d ms, wrap-up lead %d ms: the lead must be 0 or more and below the deadline"
              .formatted(deadlineMs, wrapUpLeadMs));
    }
  }

  /** Devices to be there before any is picked. */
  int needed() {
    return pool > 0 ? pool : wanted();
  }

  /** Devices to be at work at once. */
  public int wanted() {
    return goal + overSelection;
  }
}
