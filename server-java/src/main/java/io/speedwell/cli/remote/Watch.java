package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * What is shown of one run: a line for each committed round, with its evaluation if there is one,
 * and below them, on a terminal, what is going on. Confined to one thread.
 */
final class Watch {
  private static final String CLEAR = "\r\u001b[K";

  private final String run;
  private final PrintWriter out;
  private final boolean json;
  private final boolean live;
  private int shown; // the last round there is a line for
  private JsonNode committed; // a round that may be evaluated yet; null: none

  /**
   * @param json events as they come, instead of lines for people
   * @param live the last line may be written over
   */
  Watch(String run, PrintWriter out, boolean json, boolean live) {
    this.run = run;
    this.out = out;
    this.json = json;
    this.live = live && !json;
    if (!json) {
      Output.roundsHead(out);
    }
  }

  /** A round that was committed before. */
  void known(JsonNode round) {
    if (json) {
      out.println(round);
    } else {
      Output.round(out, run, round, round.path("metrics"));
    }
    shown = round.path("round").asInt();
  }

  void happened(Happening event) {
    if (json) {
      out.println(
          "{\"event\":\"%s\",\"data\":%s}".formatted(event.type(), event.data().toString()));
      return;
    }
    switch (event.type()) {
      case "round-committed" -> {
        flush();
        committed = event.data().get("summary");
      }
      case "round-evaluated" -> evaluated(event);
      default -> told(event);
    }
    out.flush();
  }

  private void evaluated(Happening event) {
    if (committed != null && committed.path("round").asInt() == event.round()) {
      show(event.data().path("metrics"));
    } else if (event.round() > 0) {
      say("round %d evaluated: %s", event.round(), Output.metrics(event.data().path("metrics")));
    }
  }

  private void told(Happening event) {
    flush();
    JsonNode data = event.data();
    String why = data.path("why").asText();
    switch (event.type()) {
      case "round-started" -> now("round %d: %d devices", event.round(), count(data, "devices"));
      case "round-waiting" ->
          now(
              "round %d waits for devices: %d of %d are here",
              event.round(), count(data, "present"), count(data, "needed"));
      case "round-abandoned" ->
          say("round %d abandoned (attempt %d): %s", event.round(), count(data, "attempt"), why);
      case "device-refused" -> say("%s refused: %s", data.path("device").asText(), why);
      case "run-started" -> say("starts after round %d", event.round());
      case "run-paused" -> say("paused after round %d", event.round());
      case "run-resumed" -> say("goes on after round %d", event.round());
      case "evaluator-gone" -> say("nobody evaluates round %d", event.round());
      case "store-failed" -> say("the store failed: %s", why);
      case "store-recovered" -> say("the store works again");
      case "run-failed" -> say("cannot go on: %s", why);
      case "run-ended" -> say("ended after round %d: %s", event.round(), why);
      default -> {} // of a newer server
    }
  }

  private static int count(JsonNode data, String name) {
    return data.path(name).asInt();
  }

  /** The committed round was not evaluated. */
  private void flush() {
    if (committed != null) {
      show(MissingNode.getInstance());
    }
  }

  private void show(JsonNode metrics) {
    if (committed.path("round").asInt() > shown) {
      shown = committed.path("round").asInt();
      clear();
      Output.round(out, run, committed, metrics);
    }
    committed = null;
  }

  private void say(String format, Object... arguments) {
    clear();
    out.println(run + ": " + String.format(Locale.ROOT, format, arguments));
  }

  /** Of the moment: written over by what comes next, or not shown at all. */
  private void now(String format, Object... arguments) {
    if (live) {
      clear();
      out.print(run + ": " + String.format(Locale.ROOT, format, arguments));
    }
  }

  private void clear() {
    if (live) {
      out.print(CLEAR);
    }
  }
}
