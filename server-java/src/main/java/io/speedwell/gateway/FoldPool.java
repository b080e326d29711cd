package io.speedwell.gateway;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.speedwell.aggregate.Accumulator;
import io.speedwell.aggregate.Contribution;
import io.speedwell.run.Folding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Fold workers: each owns the same range of every sum, so that no two ever write to one element and
 * nothing is locked. A small update is one worker's alone. Called by one owner, the coordinator's
 * mailbox; callbacks come on a worker's thread.
 */
public final class FoldPool implements Folding, AutoCloseable {
  /** Elements below which handing over costs more than folding. */
  private static final int SMALLEST_SHARE = 1 << 14;

  private static final int CACHE_LINE = 8; // doubles of the sum

  private final List<ExecutorService> workers = new ArrayList<>();

  /** @param threads workers, 1 or more */
  public FoldPool(int threads) {
    DefaultThreadFactory threadFactory = new DefaultThreadFactory("fold");
    for (int i = 0; i < threads; i++) {
      workers.add(Executors.newSingleThreadExecutor(threadFactory));
    }
  }

  @Override
  public void fold(Accumulator sum, Contribution contribution, Runnable folded) {
    sum.count(contribution);
    int elements = contribution.values().length;
    int shares = Math.max(1, Math.min(workers.size(), elements / SMALLEST_SHARE));
    AtomicInteger left = new AtomicInteger(shares);
    for (int i = 0; i < shares; i++) {
      int from = boundary(elements, i, shares);
      int to = boundary(elements, i + 1, shares);
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
    // each worker passes here after its folds; the last one has seen them all
    AtomicInteger left = new AtomicInteger(workers.size());
    for (ExecutorService worker : workers) {
      worker.execute(
          () -> {
            if (left.decrementAndGet() == 0) {
              finished.accept(sum.finish());
            }
          });
    }
  }

  /** Where share i of so many begins: at a cache line of the sum. */
  private static int boundary(int elements, int i, int shares) {
    if (i == shares) {
      return elements;
    }
    return (int) ((long) elements * i / shares) & -CACHE_LINE;
  }

  /** Finishes what was handed in, at most for a few seconds, and ends the workers. */
  @Override
  public void close() {
    workers.forEach(ExecutorService::shutdown);
    try {
      for (ExecutorService worker : workers) {
        worker.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
