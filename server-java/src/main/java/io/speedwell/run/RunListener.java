package io.speedwell.run;

/**
 * Hears what happens, for a command line, logs and metrics. Called from the coordinator's mailbox,
 * in order; it must return quickly and never block. Identities and reasons only: no per-device
 * loss, no per-device example count.
 */
public interface RunListener {

  /** Nobody listens. */
  RunListener NONE = new RunListener() {};

  /** A device was let in; {@code present} devices are connected now. */
  default void deviceJoined(String device, int present) {}

  /** A device is gone; why in a few words. */
  default void deviceLeft(String device, String why, int present) {}

  /** A device refused a run or a task, or its result was refused; the reason in words. */
  default void deviceRefused(String run, String device, String reason) {}

  /** A run begins, or goes on after its last committed round (0: from the initial model). */
  default void runStarted(String run, int committedRound) {}

  /** A run waits after its last committed round, because it was told to. */
  default void runPaused(String run, int committedRound) {}

  /** A run that was told to pause goes on. */
  default void runResumed(String run, int committedRound) {}

  /**
   * Fewer devices than needed are there; told when a round begins to wait. Not told while other
   * runs' turns are waited for.
   */
  default void waitingForDevices(String run, int round, int present, int needed) {}

  /** Tasks went out to so many devices. */
  default void roundStarted(String run, int round, int attempt, int devices) {}

  /**
   * The deadline came with too few results, or the operator wants it; the round is tried again from
   * the same model when the run goes on.
   */
  default void roundAbandoned(String run, int round, int attempt, String why) {}

  /** A round is durable. */
  default void roundCommitted(String run, Checkpoint checkpoint) {}

  /** Evaluators have measured the model of a committed round. */
  default void evaluated(String run, Evaluation evaluation) {}

  /**
   * Nobody is there to evaluate; the run goes on without, until an evaluator comes. Told once per
   * absence.
   */
  default void evaluatorGone(String run, int round) {}

  /** The store failed; the run waits and tries again in so many milliseconds. */
  default void storeFailed(String run, String why, long retryMs) {}

  /** The store works again; the run goes on. */
  default void storeRecovered(String run) {}

  /** A run cannot go on; what is wrong and what to do. */
  default void runFailed(String run, String why) {}

  /** A run is over; its last checkpoint. */
  default void runEnded(String run, String why, Checkpoint last) {}
}
