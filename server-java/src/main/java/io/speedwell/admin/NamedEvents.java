package io.speedwell.admin;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RunListener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What runs and devices do, as events with a name and fields: those of the event stream and of the
 * log. Immutable.
 */
final class NamedEvents implements RunListener {

  /** Takes the events. */
  @FunctionalInterface
  interface Sink {
    /**
     * @param type such as {@code round-committed}
     * @param run the run it belongs to; empty: none
     * @param data fields by name, in order
     */
    void happened(String type, String run, Map<String, Object> data);
  }

  private final Sink sink;

  NamedEvents(Sink sink) {
    this.sink = sink;
  }

  /** Names and values, in turn. */
  private static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  @Override
  public void deviceJoined(String device, int present) {
    sink.happened("device-joined", "", fields("device", device, "present", present));
  }

  @Override
  public void deviceLeft(String device, String why, int present) {
    sink.happened("device-left", "", fields("device", device, "why", why, "present", present));
  }

  @Override
  public void deviceRefused(String run, String device, String reason) {
    sink.happened("device-refused", run, fields("device", device, "why", reason));
  }

  @Override
  public void runStarted(String run, int committedRound) {
    sink.happened("run-started", run, fields("round", committedRound));
  }

  @Override
  public void runPaused(String run, int committedRound) {
    sink.happened("run-paused", run, fields("round", committedRound));
  }

  @Override
  public void runResumed(String run, int committedRound) {
    sink.happened("run-resumed", run, fields("round", committedRound));
  }

  @Override
  public void waitingForDevices(String run, int round, int present, int needed) {
    sink.happened(
        "round-waiting", run, fields("round", round, "present", present, "needed", needed));
  }

  @Override
  public void roundStarted(String run, int round, int attempt, int devices) {
    sink.happened(
        "round-started", run, fields("round", round, "attempt", attempt, "devices", devices));
  }

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    sink.happened("round-abandoned", run, fields("round", round, "attempt", attempt, "why", why));
  }

  @Override
  public void roundCommitted(String run, Checkpoint checkpoint) {
    if (checkpoint.round() > 0) {
      sink.happened(
          "round-committed",
          run,
          fields("round", checkpoint.round(), "summary", Views.round(checkpoint.summary(), null)));
    }
  }

  @Override
  public void evaluated(String run, Evaluation evaluation) {
    sink.happened(
        "round-evaluated",
        run,
        fields("round", evaluation.round(), "metrics", Views.metrics(evaluation)));
  }

  @Override
  public void evaluatorGone(String run, int round) {
    sink.happened("evaluator-gone", run, fields("round", round));
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    sink.happened("store-failed", run, fields("why", why, "retryMs", retryMs));
  }

  @Override
  public void storeRecovered(String run) {
    sink.happened("store-recovered", run, fields());
  }

  @Override
  public void runFailed(String run, String why) {
    sink.happened("run-failed", run, fields("why", why));
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    sink.happened("run-ended", run, fields("round", last.round(), "why", why));
  }
}
