package io.speedwell.admin;

import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the admin port says, as JSON has it. Figures nobody measured are null. Pure functions. */
final class Views {
  private Views() {}

  /** A run; {@code state} is that of {@link RunStatus.State}, or {@code stored}: not started. */
  record Run(
      String name,
      String id,
      String state,
      String phase,
      int round,
      int rounds,
      int attempt,
      int atWork,
      int counted,
      String why) {}

  record Runs(List<Run> runs) {}

  /** A committed round. Times in milliseconds. */
  record Round(
      int round,
      int attempt,
      int devices,
      int partial,
      int refused,
      int lost,
      Double lossBefore,
      Double lossAfter,
      long selectingMs,
      long configuringMs,
      long collectingMs,
      long foldingMs,
      long receivedBytes,
      long sentBytes,
      Map<String, Double> metrics) {}

  record Rounds(String run, List<Round> rounds) {}

  record Health(String status) {}

  record Ready(boolean ready, List<String> problems) {}

  static Run run(RunStatus status) {
    return new Run(
        status.name(),
        "%016x".formatted(status.id()),
        word(status.state()),
        word(status.phase()),
        status.round(),
        status.rounds(),
        status.attempt(),
        status.atWork(),
        status.counted(),
        status.why());
  }

  /** A run that the store knows, and nobody has started. */
  static Run stored(String name, int round) {
    return new Run(name, null, "stored", word(RunStatus.Phase.IDLE), round, 0, 0, 0, 0, "");
  }

  /**
   * @param evaluation of this round; null: it was not evaluated, or is not yet
   */
  static Round round(RoundSummary round, Evaluation evaluation) {
    return new Round(
        round.round(),
        round.attempt(),
        round.devices(),
        round.partial(),
        round.refused(),
        round.lost(),
        figure(round.lossBefore()),
        figure(round.lossAfter()),
        round.phases().selecting(),
        round.phases().configuring(),
        round.phases().collecting(),
        round.phases().folding(),
        round.traffic().received(),
        round.traffic().sent(),
        evaluation == null ? null : metrics(evaluation));
  }

  static Map<String, Double> metrics(Evaluation evaluation) {
    Map<String, Double> figures = new TreeMap<>();
    evaluation.metrics().forEach((name, value) -> figures.put(name, figure(value)));
    return figures;
  }

  /** JSON has no NaN and no infinity. */
  private static Double figure(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
