package io.speedwell.harness;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a run tells. Safe to read from another thread. */
final class Witness implements RunListener {
  final List<Checkpoint> committed = new CopyOnWriteArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  volatile String ended;

  @Override
  public void deviceRefused(String run, String device, String reason) {
    events.add(device + ": " + reason);
  }

  @Override
  public void roundStarted(String run, int round, int attempt, int devices) {
    events.add("round " + round + " attempt " + attempt + " devices " + devices);
  }

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    events.add("abandoned " + round);
  }

  @Override
  public void roundCommitted(String run, Checkpoint checkpoint) {
    committed.add(checkpoint);
  }

  @Override
  public void runFailed(String run, String why) {
    ended = "failed: " + why;
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    ended = why;
  }

  float[] model() {
    return committed.get(committed.size() - 1).parameters().values();
  }
}
