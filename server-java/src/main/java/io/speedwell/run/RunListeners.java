package io.speedwell.run;

import java.util.List;
import java.util.function.Consumer;

/** Several listeners as one, told in order. Immutable. */
public final class RunListeners implements RunListener {
  private final List<RunListener> listeners;

  public RunListeners(RunListener... listeners) {
    this.listeners = List.of(listeners);
  }

  private void tell(Consumer<RunListener> event) {
    listeners.forEach(event);
  }

  @Override
  public void deviceJoined(String device, int present) {
    tell(l -> l.deviceJoined(device, present));
  }

  @Override
  public void deviceLeft(String device, String why, int present) {
    tell(l -> l.deviceLeft(device, why, present));
  }

  @Override
  public void deviceRefused(String run, String device, String reason) {
    tell(l -> l.deviceRefused(run, device, reason));
  }

  @Override
  public void runStarted(String run, int committedRound) {
    tell(l -> l.runStarted(run, committedRound));
  }

  @Override
  public void runPaused(String run, int committedRound) {
    tell(l -> l.runPaused(run, committedRound));
  }

  @Override
  public void runResumed(String run, int committedRound) {
    tell(l -> l.runResumed(run, committedRound));
  }

  @Override
  public void waitingForDevices(String run, int round, int present, int needed) {
    tell(l -> l.waitingForDevices(run, round, present, needed));
  }

  @Override
  public void roundStarted(String run, int round, int attempt, int devices) {
    tell(l -> l.roundStarted(run, round, attempt, devices));
  }

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    tell(l -> l.roundAbandoned(run, round, attempt, why));
  }

  @Override
  public void roundCommitted(String run, Checkpoint checkpoint) {
    tell(l -> l.roundCommitted(run, checkpoint));
  }

  @Override
  public void evaluated(String run, Evaluation evaluation) {
    tell(l -> l.evaluated(run, evaluation));
  }

  @Override
  public void evaluatorGone(String run, int round) {
    tell(l -> l.evaluatorGone(run, round));
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    tell(l -> l.storeFailed(run, why, retryMs));
  }

  @Override
  public void storeRecovered(String run) {
    tell(l -> l.storeRecovered(run));
  }

  @Override
  public void runFailed(String run, String why) {
    tell(l -> l.runFailed(run, why));
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    tell(l -> l.runEnded(run, why, last));
  }
}
