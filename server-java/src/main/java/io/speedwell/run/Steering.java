package io.speedwell.run;

import java.util.Optional;

/**
 * What the operator wants of a run, and whether the run obeys already. Used in the mailbox only.
 */
final class Steering {
  private Wish wish;
  private boolean resting;
  private long restingSince;
  private boolean unmeasured;

  Steering(Wish wish) {
    this.wish = wish;
  }

  /** The run is to rest before its next round. Empty, or why that cannot be. */
  Optional<String> pause() {
    if (wish == Wish.STOP) {
      return Optional.of("it is being stopped");
    }
    wish = Wish.PAUSE;
    return Optional.empty();
  }

  void stop() {
    wish = Wish.STOP;
  }

  /** The run is to go on. Empty, or why that cannot be. */
  Optional<String> resume() {
    if (wish != Wish.PAUSE) {
      return Optional.of(wish == Wish.GO ? "it is not paused" : "it is being stopped");
    }
    wish = Wish.GO;
    return Optional.empty();
  }

  boolean toPause() {
    return wish == Wish.PAUSE;
  }

  boolean toStop() {
    return wish == Wish.STOP;
  }

  /** The run has come to rest. */
  void rest(long nowMs) {
    resting = true;
    restingSince = nowMs;
  }

  boolean resting() {
    return resting;
  }

  /** The run goes on; how long it has rested, ms. */
  long wake(long nowMs) {
    resting = false;
    return nowMs - restingSince;
  }

  /** The measurement of the newest round was given up for the pause. */
  void missMeasurement() {
    unmeasured = true;
  }

  /** Whether a measurement was given up; it is not asked for twice. */
  boolean takeMissedMeasurement() {
    boolean was = unmeasured;
    unmeasured = false;
    return was;
  }

  /** Where a run stands that is not over. */
  RunStatus.State state(boolean started) {
    return switch (wish) {
      case STOP -> RunStatus.State.STOPPING;
      case PAUSE -> resting ? RunStatus.State.PAUSED : RunStatus.State.PAUSING;
      case GO -> started ? RunStatus.State.RUNNING : RunStatus.State.STARTING;
    };
  }
}
