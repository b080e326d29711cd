package io.speedwell.cli.doctor;

import io.speedwell.protocol.Limits;
import io.speedwell.run.HeapNeed;
import io.speedwell.run.plan.Plan;
import java.util.List;

/** What a server and its plans need of memory. Pure functions. */
final class MemoryChecks {
  private MemoryChecks() {}

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

  /** Whether the heap holds a server, the memory for updates, and runs of these plans. */
  static Finding heap(List<Plan> plans, long budget, long heap) {
    String subject = "heap";
    String found = "%d MB, %d MB of them for updates".formatted(heap >> 20, budget >> 20);
    return HeapNeed.shortage(heap, budget, HeapNeed.of(plans))
        .map(why -> Finding.fail(subject, found, why))
        .orElse(Finding.ok(subject, found));
  }
}
