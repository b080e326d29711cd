package io.speedwell.simulate;

import io.speedwell.run.Timer;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * Time and executor of a simulation: one queue of tasks, in the order of their times; equal times
 * in the order they came. Time passes only from task to task, so an hour of waiting costs nothing,
 * and a run repeats exactly. Confined to one thread.
 */
public final class VirtualScheduler implements Executor, Timer {
  private record Entry(long timeMs, long sequence, Runnable task) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(timeMs, other.timeMs);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  private final PriorityQueue<Entry> queue = new PriorityQueue<>();
  private long now;
  private long sequence;

  @Override
  public long nowMs() {
    return now;
  }

  @Override
  public void at(long timeMs, Runnable task) {
    queue.add(new Entry(Math.max(now, timeMs), sequence++, task));
  }

  @Override
  public void execute(Runnable task) {
    at(now, task);
  }

  /** Runs everything up to and including this time, which then is now. */
  public void runTo(long timeMs) {
    runUntil(() -> false, timeMs);
    now = Math.max(now, timeMs);
  }

  /**
   * Runs until the condition holds, which is asked before each task.
   *
   * @param lastMs tasks after this time are not run
   * @return whether it holds
   */
  public boolean runUntil(BooleanSupplier condition, long lastMs) {
    while (!condition.getAsBoolean()) {
      Entry next = queue.peek();
      if (next == null || next.timeMs > lastMs) {
        return false;
      }
      queue.poll();
      now = next.timeMs;
      next.task.run();
    }
    return true;
  }
}
