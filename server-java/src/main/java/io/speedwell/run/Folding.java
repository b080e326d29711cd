package io.speedwell.run;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.aggregate.Contribution;
import java.util.function.Consumer;

/**
 * Folds updates into the sums of rounds, away from the coordinator's mailbox. Callbacks come on any
 * thread, once each, and only hand over.
 */
public interface Folding {

  /**
   * Counts and folds a contribution of this sum's round; {@code folded} is called when it is read
   * no more.
   */
  void fold(Accumulator sum, Contribution contribution, Runnable folded);

  /** Makes the next model of a sum into which nothing is being folded any more. */
  void finish(Accumulator sum, Consumer<Accumulator.Outcome> finished);
}
