package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Runs and rounds as people read them. Pure but for what it prints. */
final class Output {
  private static final String RUN = "%-20s %-9s %9s %-12s %8s %8s  %s%n";
  private static final String ROUND = "%-20s %6s %8s %8s %19s %9s  %s%n";

  private static final String PAST = "%5s %8s %8s  %-20s %-5s  %s%n";

  private Output() {}

  static void runs(PrintWriter out, Iterable<JsonNode> runs) {
    out.printf(RUN, "run", "state", "round", "phase", "at work", "counted", "");
    runs.forEach(run -> run(out, run));
  }

  private static void run(PrintWriter out, JsonNode run) {
    int rounds = run.path("rounds").asInt();
    String round = run.path("round").asText() + (rounds == 0 ? "" : "/" + rounds);
    out.printf(
        RUN,
        run.path("name").asText(),
        run.path("state").asText(),
        round,
        run.path("phase").asText(),
        run.path("atWork").asText(),
        run.path("counted").asText(),
        run.path("why").asText());
  }

  static void roundsHead(PrintWriter out) {
    out.printf(ROUND, "run", "round", "devices", "partial", "loss", "time", "evaluation");
  }

  /**
   * @param metrics of the round; missing or null: nobody measured
   */
  static void round(PrintWriter out, String run, JsonNode round, JsonNode metrics) {
    long ms =
        round.path("selectingMs").asLong()
            + round.path("configuringMs").asLong()
            + round.path("collectingMs").asLong()
            + round.path("foldingMs").asLong();
    out.printf(
        ROUND,
        run,
        round.path("round").asText(),
        round.path("devices").asText(),
        round.path("partial").asText(),
        loss(round),
        time(ms),
        metrics(metrics));
  }

  static void history(PrintWriter out, JsonNode history) {
    out.printf(PAST, "round", "attempt", "devices", "committed", "model", "");
    for (JsonNode round : history.path("rounds")) {
      out.printf(
          PAST,
          round.path("round").asText(),
          round.path("attempt").asText(),
          round.path("devices").asText(),
          Instant.ofEpochMilli(round.path("committedAt").asLong()).truncatedTo(ChronoUnit.SECONDS),
          round.path("kept").asBoolean() ? "kept" : "-",
          round.path("rolledBackAt").isNumber() ? "rolled back" : "");
    }
  }

  private static String loss(JsonNode round) {
    JsonNode before = round.path("lossBefore");
    JsonNode after = round.path("lossAfter");
    return before.isNumber() && after.isNumber()
        ? String.format(Locale.ROOT, "%.4f -> %.4f", before.asDouble(), after.asDouble())
        : "-";
  }

  private static String time(long ms) {
    return ms < 1_000 ? ms + " ms" : String.format(Locale.ROOT, "%.1f s", ms / 1_000.0);
  }

  static String metrics(JsonNode metrics) {
    StringBuilder text = new StringBuilder();
    metrics
        .fields()
        .forEachRemaining(
            figure ->
                text.append(text.isEmpty() ? "" : ", ")
                    .append(figure.getKey())
                    .append(' ')
                    .append(String.format(Locale.ROOT, "%.4f", figure.getValue().asDouble())));
    return text.toString();
  }
}
