package io.speedwell.cli;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Tells the person at the terminal what happens, a line each. Identities and reasons only. */
final class ConsoleListener implements RunListener {
  private final PrintWriter out;

  ConsoleListener(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void deviceJoined(String device, int present) {
    say("%s joined, %d here", device, present);
  }

  @Override
  public void deviceLeft(String device, String why, int present) {
    say("%s left (%s), %d here", device, why, present);
  }

  @Override
  public void deviceRefused(String run, String device, String reason) {
    say("%s: %s refused: %s", run, device, reason);
  }

  @Override
  public void runStarted(String run, int committedRound) {
    say(committedRound == 0 ? "%s: starts" : "%s: goes on after round %d", run, committedRound);
  }

  @Override
  public void runPaused(String run, int committedRound) {
    say("%s: paused after round %d", run, committedRound);
  }

  @Override
  public void runResumed(String run, int committedRound) {
    say("%s: goes on after round %d", run, committedRound);
  }

  @Override
  public void waitingForDevices(String run, int round, int present, int needed) {
    say("%s: round %d waits for devices: %d of %d are here", run, round, present, needed);
  }

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    say("%s: round %d abandoned (attempt %d): %s", run, round, attempt, why);
  }

  @Override
  public void roundCommitted(String run, Checkpoint checkpoint) {
    RoundSummary round = checkpoint.summary();
    if (round.round() > 0) {
      say(
          "%s: round %d committed: %d devices, %s%d ms, %d bytes",
          run,
          round.round(),
          round.devices(),
          loss(round),
          round.phases().total(),
          round.traffic().received() + round.traffic().sent());
    }
  }

  private static String loss(RoundSummary round) {
    return Double.isNaN(round.lossBefore()) || Double.isNaN(round.lossAfter())
        ? ""
        : String.format(Locale.ROOT, "loss %.4f -> %.4f, ", round.lossBefore(), round.lossAfter());
  }

  @Override
  public void evaluated(String run, Evaluation evaluation) {
    StringBuilder figures = new StringBuilder();
    for (Map.Entry<String, Double> metric : new TreeMap<>(evaluation.metrics()).entrySet()) {
      figures.append(String.format(Locale.ROOT, ", %s %.4f", metric.getKey(), metric.getValue()));
    }
    say("%s: round %d evaluated%s", run, evaluation.round(), figures);
  }

  @Override
  public void evaluatorGone(String run, int round) {
    say("%s: nobody evaluates round %d; the run goes on without", run, round);
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    say("%s: the store failed (%s); the run waits and tries again in %d ms", run, why, retryMs);
  }

  @Override
  public void storeRecovered(String run) {
    say("%s: the store works again", run);
  }

  @Override
  public void runFailed(String run, String why) {
    say("%s: cannot go on: %s", run, why);
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    say("%s: ended after round %d: %s", run, last.round(), why);
  }

  private void say(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
