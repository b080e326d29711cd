package io.speedwell.run;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.aggregate.Contribution;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Folds with workers that own disjoint ranges of an update's elements. Called by one owner, the
 * coordinator.
 */
public final class RangeFolding implements Folding {
  /** Elements, whole blocks; below it handing over costs more than adding. */
  private static final int SMALLEST_RANGE = 16 * Accumulator.BLOCK;

  private final List<Executor> workers;

  /**
   * @param workers one or more; each must run its tasks one after the other, in order
   */
  public RangeFolding(List<? extends Executor> workers) {
    this.workers = List.copyOf(workers);
  }

  @Override
  public void fold(Accumulator sum, Contribution contribution, Runnable folded) {
    sum.count(contribution);
    int elements = contribution.values().length;
    int blocks = (elements + Accumulator.BLOCK - 1) / Accumulator.BLOCK;
    int share = (blocks + workers.size() - 1) / workers.size() * Accumulator.BLOCK;
    int size = Math.max(SMALLEST_RANGE, share);
    int ranges = (elements + size - 1) / size;
    AtomicInteger left = new AtomicInteger(ranges);
    for (int i = 0; i < ranges; i++) {
      int from = i * size;
      int to = Math.min(elements, from + size);
      workers
          .get(i)
          .execute(
              () -> {
                sum.fold(contribution, from, to);
                if (left.decrementAndGet() == 0) {
                  folded.run();
                }
              });
    }
  }

  @Override
  public void finish(Accumulator sum, Consumer<Accumulator.Outcome> finished) {
    // nothing is being folded any more, and what was folded was seen by the caller
    workers.get(0).execute(() -> finished.accept(sum.finish()));
  }
}
