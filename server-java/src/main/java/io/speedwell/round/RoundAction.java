package io.speedwell.round;

/** What a round wants done, in order. Devices are named by their ids. */
public sealed interface RoundAction {

  /** Give the device its task; for one that was lost and returned, the same again. */
  record Assign(String device) implements RoundAction {}

  /** Tell it that the round ends in so many milliseconds. */
  record WrapUp(String device, int withinMs) implements RoundAction {}

  /** Its result is not wanted any more; it is idle again. */
  record Cancel(String device) implements RoundAction {}

  /** Its result counts: fold it. */
  record Fold(String device) implements RoundAction {}

  /** Its result came too late: release it. */
  record Release(String device) implements RoundAction {}

  /** Too few devices are there to begin. */
  record Waiting(int present, int needed) implements RoundAction {}

  /** All results that count are folded: make the model and commit it. */
  record Commit() implements RoundAction {}

  /**
   * The round failed; why in a few words. Nothing follows but {@code Folded} for what was being
   * folded.
   */
  record Abandon(String why) implements RoundAction {}
}
