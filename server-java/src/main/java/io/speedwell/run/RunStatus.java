package io.speedwell.run;

/**
 * Where a run stands. Immutable; nothing in it belongs to one device.
 *
 * @param name of the run
 * @param id its 64-bit id on the wire; 0 until the store has said what there is
 * @param state what it is told to do, and whether it does
 * @param phase what is going on at this moment
 * @param round the last committed round; 0: the initial model
 * @param rounds committed rounds at which it ends
 * @param attempt at the round under way, from 1; 0: none is
 * @param atWork devices with a task of the round under way whose result is awaited
 * @param counted results of the round under way that count
 * @param why it ended or failed, in words; empty before
 */
public record RunStatus(
    String name,
    long id,
    State state,
    Phase phase,
    int round,
    int rounds,
    int attempt,
    int atWork,
    int counted,
    String why) {

  /** What a run is told to do, and whether it does. */
  public enum State {
    /** The store is asked what there is. */
    STARTING,
    RUNNING,
    /** It is to pause once the open round is committed or abandoned. */
    PAUSING,
    PAUSED,
    /** It is to end once the open round is committed or abandoned. */
    STOPPING,
    ENDED,
    /** It cannot go on. */
    FAILED;

    /** Whether nothing follows. */
    public boolean over() {
      return this == ENDED || this == FAILED;
    }
  }

  /** What a run is doing. */
  public enum Phase {
    IDLE,
    SELECTING,
    CONFIGURING,
    COLLECTING,
    /** Folding, or waiting for the store. */
    FOLDING,
    EVALUATING
  }
}
