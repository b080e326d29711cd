package io.speedwell.run;

import io.speedwell.run.plan.Plan;
import java.util.Collection;
import java.util.Optional;

/**
 * The heap that a server and its runs take, in bytes, so that what cannot fit is refused before it
 * runs out. The figures are those of {@code ./speedwell bench heap}. Pure functions.
 */
public final class HeapNeed {
  /** A server without runs, with room to work. */
  public static final long SERVER = 48L << 20;

  /** For each parameter of a run: model, base, sum, and the next model while it is stored. */
  private static final long EACH = 40;

  private HeapNeed() {}

  /** What one run takes, beside the update budget. */
  public static long of(Plan plan) {
    return EACH * plan.model().layout().parameterCount();
  }

  /** What runs of these plans take together, beside the update budget. */
  public static long of(Collection<Plan> plans) {
    return plans.stream().mapToLong(HeapNeed::of).sum();
  }

  /**
   * Why the heap does not do for a server with runs that take so much, and what to do; empty: it
   * does.
   *
   * @param heap the most there may be
   * @param budget the update budget
   * @param runs {@link #of} all of them
   */
  public static Optional<String> shortage(long heap, long budget, long runs) {
    long needed = SERVER + budget + runs;
    return needed <= heap
        ? Optional.empty()
        : Optional.of(
            ("%d MB of heap are needed: %d for the server, %d for updates (--budget), %d for runs;"
                    + " there are %d. Give a smaller --budget, or more heap:"
                    + " JAVA_TOOL_OPTIONS=-Xmx%dm")
                .formatted(mb(needed), mb(SERVER), mb(budget), mb(runs), heap >> 20, mb(needed)));
  }

  private static long mb(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
