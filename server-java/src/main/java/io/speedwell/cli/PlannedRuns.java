package io.speedwell.cli;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunListener;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Watches the runs of the plans a server was started with, until all have ended. Thread-safe. */
final class PlannedRuns implements RunListener {
  /** How they ended. */
  enum Outcome {
    WELL,
    SOME_FAILED,
    ALL_FAILED
  }

  private final int all;
  private final Set<String> open;
  private final CompletableFuture<Outcome> ended = new CompletableFuture<>();
  private int failed;

  /**
   * @param names of the runs, each once; none: they never end
   */
  PlannedRuns(List<String> names) {
    all = names.size();
    open = new HashSet<>(names);
  }

  /** Completed when the last of them has ended. */
  CompletableFuture<Outcome> ended() {
    return ended;
  }

  @Override
  public void runFailed(String run, String why) {
    over(run, true);
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    over(run, false);
  }

  private synchronized void over(String run, boolean failure) {
    if (open.remove(run)) {
      failed += failure ? 1 : 0;
      if (open.isEmpty()) {
        Outcome outcome = failed == all ? Outcome.ALL_FAILED : Outcome.SOME_FAILED;
        ended.complete(failed == 0 ? Outcome.WELL : outcome);
      }
    }
  }
}
