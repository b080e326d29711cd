package io.speedwell.run;

import io.speedwell.run.plan.Plan;
import java.util.Optional;

/** When a run is over by its plan. Used in the mailbox only. */
final class RunEnd {
  static final long NEVER = Long.MAX_VALUE;

  private final Plan.Rounds rounds;
  private long startedAt;

  RunEnd(Plan.Rounds rounds) {
    this.rounds = rounds;
  }

  /** The run's time begins. */
  void start(long nowMs) {
    startedAt = nowMs;
  }

  /** The run has rested so long, which does not count. */
  void rested(long ms) {
    startedAt += ms;
  }

  /** When its time is over; {@link #NEVER}: it has as much as it needs. */
  long at() {
    return rounds.timeMs() == 0 ? NEVER : startedAt + rounds.timeMs();
  }

  /**
   * Why it is over; empty: it is not.
   *
   * @param round committed last
   * @param targetReached whether evaluators measured so
   * @param stopped whether the operator wants it to end
   */
  Optional<String> reason(int round, boolean targetReached, boolean stopped, long nowMs) {
    if (targetReached) {
      return rounds.target().map(t -> "the target is reached: " + t.metric() + " " + t.value());
    }
    if (round >= rounds.count()) {
      return Optional.of("all " + rounds.count() + " rounds are done");
    }
    if (stopped) {
      return Optional.of("it was stopped");
    }
    return nowMs >= at()
        ? Optional.of("its time of " + rounds.timeMs() + " ms is over")
        : Optional.empty();
  }
}
