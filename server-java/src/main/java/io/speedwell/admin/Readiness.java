package io.speedwell.admin;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Whether the server can do its work: it does not drain, and the store answers. Thread-safe. */
public final class Readiness implements RunListener {
  private final Map<String, String> failing = new ConcurrentSkipListMap<>();
  private volatile boolean draining;

  /** The server lets no more devices in. */
  public void drain() {
    draining = true;
  }

  /** Why it is not ready, in sentences; empty: it is. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (draining) {
      problems.add("the server drains");
    }
    failing.forEach((run, why) -> problems.add("run " + run + " waits for the store: " + why));
    return problems;
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    failing.put(run, String.valueOf(why));
  }

  @Override
  public void storeRecovered(String run) {
    failing.remove(run);
  }

  @Override
  public void runFailed(String run, String why) {
    failing.remove(run);
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    failing.remove(run);
  }
}
