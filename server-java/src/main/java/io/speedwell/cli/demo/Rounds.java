package io.speedwell.cli.demo;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunListener;
import io.speedwell.session.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Listens to the demo's run and keeps what the report needs. Thread-safe. */
final class Rounds implements RunListener {
  /** The names under which evaluators of the demo report. */
  private static final String ACCURACY = "accuracy";

  private static final String LOSS = "loss";
  private static final int ATTEMPTS = 3;

  private final Progress progress;
  private final int heldOut;
  private final Map<Integer, RoundSummary> committed = new TreeMap<>();
  private final List<Report.Round> finished = new ArrayList<>();
  private final CompletableFuture<Void> measurable = new CompletableFuture<>();
  private final CompletableFuture<Checkpoint> ended = new CompletableFuture<>();
  private boolean storeFailing;

  /**
   * @param heldOut rows the evaluator measures on
   */
  Rounds(Progress progress, int heldOut) {
    this.progress = progress;
    this.heldOut = heldOut;
  }

  /**
   * The last checkpoint; or a sentence as {@link IllegalStateException} when the run cannot go on.
   */
  CompletableFuture<Checkpoint> ended() {
    return ended;
  }

  /** Completed when the evaluator is here. */
  CompletableFuture<Void> measurable() {
    return measurable;
  }

  /** Rounds committed and evaluated, in order. */
  synchronized List<Report.Round> finished() {
    return List.copyOf(finished);
  }

  /** Bytes on the connections of the devices that trained, both ways, over all committed rounds. */
  synchronized Traffic traffic() {
    return committed.values().stream()
        .map(RoundSummary::traffic)
        .reduce(Traffic.NONE, Traffic::plus);
  }

  @Override
  public synchronized void roundCommitted(String run, Checkpoint checkpoint) {
    committed.put(checkpoint.round(), checkpoint.summary());
  }

  @Override
  public synchronized void evaluated(String run, Evaluation evaluation) {
    RoundSummary summary = committed.get(evaluation.round());
    if (evaluation.round() == 0) {
      return;
    }
    Report.Round round =
        new Report.Round(
            summary.round(),
            Report.accuracy(evaluation.metrics().getOrDefault(ACCURACY, Double.NaN), heldOut),
            evaluation.metrics().getOrDefault(LOSS, Double.NaN),
            summary.devices(),
            summary.phases().total());
    finished.add(round);
    progress.round(round);
  }

  @Override
  public void deviceJoined(String device, int present) {
    if (device.equals(DemoOptions.EVALUATOR)) {
      measurable.complete(null);
    }
  }

  @Override
  public void deviceRefused(String run, String device, String reason) {
    progress.say(device + " refused: " + reason);
  }

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    progress.say("round " + round + " is tried again: " + why);
    if (attempt >= ATTEMPTS) {
      ended.completeExceptionally(
          new IllegalStateException("round %d failed %d times: %s".formatted(round, attempt, why)));
    }
  }

  @Override
  public void evaluatorGone(String run, int round) {
    progress.say("nobody measured the model of round " + round);
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    if (!storeFailing) {
      storeFailing = true;
      progress.say("the model cannot be stored: " + why + "; trying again until it can");
    }
  }

  @Override
  public void storeRecovered(String run) {
    storeFailing = false;
  }

  @Override
  public void runFailed(String run, String why) {
    ended.completeExceptionally(new IllegalStateException(why));
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    ended.complete(last);
  }
}
