package io.speedwell.cli;

import java.time.Duration;

/** A moment by which something is to be over. Immutable. */
final class Deadline {
  private final long end;

  /**
   * @param limit from now
   */
  Deadline(Duration limit) {
    end = System.nanoTime() + limit.toNanos();
  }

  /** Milliseconds left; 0 when it has passed. */
  long leftMs() {
    return Math.max(0, (end - System.nanoTime()) / 1_000_000);
  }
}
