package io.speedwell.session;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bytes of the {@link UpdateBudget} that belong to one update. It has one owner at a time; {@link
 * #release()} gives the bytes back, once, from any thread.
 */
public final class Reservation {
  private final UpdateBudget budget;
  private final long bytes;
  private final AtomicBoolean released = new AtomicBoolean();

  Reservation(UpdateBudget budget, long bytes) {
    this.budget = budget;
    this.bytes = bytes;
  }

  public long bytes() {
    return bytes;
  }

  /**
   * Gives the bytes back. Whoever waits may be granted within this call.
   *
   * @throws IllegalStateException if it was released before: two owners, a defect
   */
  public void release() {
    if (!released.compareAndSet(false, true)) {
      throw new IllegalStateException("a reservation of " + bytes + " bytes is released twice");
    }
    budget.giveBack(bytes);
  }
}
