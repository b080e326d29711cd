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

  /** A committed checkpoint of a run, if there is one of this round. */
  Optional<Checkpoint> checkpoint(String run, int round) throws StoreException;

  /** The names of all runs there are, ascending. */
  List<String> names() throws StoreException;

  /**
   * Makes a checkpoint durable; when this returns it survives a crash. The same round of a run
   * committed again replaces nothing and succeeds.
   */
  void commit(Checkpoint checkpoint) throws StoreException;

  /**
   * Deletes the models of committed rounds that the store's rule does not keep. A store that keeps
   * everything has nothing to do.
   */
  default void tidy(String run) throws StoreException {}

  /**
   * Makes a committed round the newest one again. Later rounds stay in the history; the run goes on
   * as its next generation, whose attempts have numbers of their own. The run must not be under
   * way.
   *
   * @throws StoreException when the run does not stand on that round or its model is not kept;
   *     nothing is changed then
   */
  void rollBack(String run, int round) throws StoreException;

  /** How often a run was rolled back; 0 for one that is not known. */
  int generation(String run) throws StoreException;

  /** Records what evaluators measured. */
  void record(String run, Evaluation evaluation) throws StoreException;

  /** The committed rounds that a run stands on, ascending, from the initial model's row on. */
  List<RoundSummary> rounds(String run) throws StoreException;

  /** The updates that made a committed round, by device; none for one that is not known. */
  List<CountedUpdate> counted(String run, int round) throws StoreException;

  /**
   * Every committed round of a run, those that were rolled back included, by generation and round.
   */
  List<CommittedRound> history(String run) throws StoreException;

  /** The recorded evaluations of the rounds that a run stands on, by round. */
  List<Evaluation> evaluations(String run) throws StoreException;
}
