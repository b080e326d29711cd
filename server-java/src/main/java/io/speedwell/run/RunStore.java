package io.speedwell.run;

import java.util.List;
import java.util.Optional;

/**
 * What must be durable. Every call may block; the coordinator calls from the store executor it was
 * given, never from its own mailbox, one call at a time.
 */
public interface RunStore {

  /** The newest committed checkpoint of a run, the initial model included. */
  Optional<Checkpoint> latest(String run) throws StoreException;

  /**
   * Makes a checkpoint durable; when this returns it survives a crash. The same round of a run
   * committed again replaces nothing and succeeds.
   */
  void commit(Checkpoint checkpoint) throws StoreException;

  /** Records what evaluators measured. */
  void record(String run, Evaluation evaluation) throws StoreException;

  /** The committed rounds of a run, ascending, from the initial model's row on. */
  List<RoundSummary> rounds(String run) throws StoreException;

  /** The updates that made a committed round, by device; none for one that is not known. */
  List<CountedUpdate> counted(String run, int round) throws StoreException;

  /** The recorded evaluations of a run, by round. */
  List<Evaluation> evaluations(String run) throws StoreException;
}
