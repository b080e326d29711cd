package io.speedwell.cli.doctor;

import io.speedwell.protocol.Limits;
import io.speedwell.run.plan.Plan;

/** What a plan needs of a server. Pure functions. */
final class PlanChecks {
  private PlanChecks() {}

  /** Whether its updates fit into the memory for updates, and how many at once. */
  static Finding budget(Plan plan, long budget) {
    String subject = "update budget";
    long update = (long) Float.BYTES * plan.model().layout().updateCount() + Limits.METRICS_MAX;
    long goal = plan.rounds().goal();
    String found =
        "%d MB, one update needs %d KB, a round wants %d of them"
            .formatted(budget >> 20, update + 1023 >> 10, goal);
    if (update > budget) {
      return Finding.fail(subject, found, "give the server --budget of at least " + update);
    }
    return update * Math.min(goal, 2) > budget
        ? Finding.warn(
            subject, found, "devices upload one after the other; a larger --budget helps")
        : Finding.ok(subject, found);
  }

  /** Whether the heap holds the model, the sum, and a checkpoint being written. */
  static Finding heap(Plan plan, long heap) {
    String subject = "heap";
    long model = (long) Float.BYTES * plan.model().layout().parameterCount();
    long needed = 8 * model + (64L << 20); // model, next model, sums in doubles, room to work
    String found = "%d MB, about %d MB needed".formatted(heap >> 20, needed >> 20);
    return heap >= needed
        ? Finding.ok(subject, found)
        : Finding.fail(
            subject, found, "JAVA_TOOL_OPTIONS=-Xmx%dm gives more".formatted(needed >> 20));
  }
}
