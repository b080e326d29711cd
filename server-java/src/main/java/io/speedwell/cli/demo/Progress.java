package io.speedwell.cli.demo;

import io.speedwell.cli.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a person sees while the demo runs: on a terminal one line that is rewritten, elsewhere one
 * line per round. Thread-safe.
 */
final class Progress {
  private static final String CLEAR_LINE = "\r\033[K";
  private static final int CURVE_WIDTH = 30;

  private final Terminal terminal;
  private final int rounds;
  private final List<Double> accuracies = new ArrayList<>();
  private boolean open;
  private boolean passing;

  Progress(Terminal terminal, int rounds) {
    this.terminal = terminal;
    this.rounds = rounds;
  }

  /** A sentence that stays. */
  synchronized void say(String sentence) {
    if (passing) {
      terminal.out().print(CLEAR_LINE);
      open = false;
      passing = false;
    }
    closeLine();
    terminal.out().println(sentence);
  }

  /** How far a stage has come; shown on terminals only, and gone when it is over. */
  synchronized void step(String what, int done, int of) {
    if (terminal.live()) {
      rewrite("%s %d/%d".formatted(what, done, of));
      passing = true;
    }
  }

  /** A round is durable and evaluated. */
  synchronized void round(Report.Round round) {
    accuracies.add(round.accuracy());
    String line =
        String.format(
            Locale.ROOT,
            "round %3d/%d  accuracy %5.1f %%  loss %.3f  %d devices  %d ms",
            round.round(),
            rounds,
            100 * round.accuracy(),
            round.loss(),
            round.devices(),
            round.milliseconds());
    if (terminal.live()) {
      rewrite(line + "  " + Sparkline.of(accuracies, 1, CURVE_WIDTH, terminal.unicode()));
    } else {
      terminal.out().println(line);
    }
  }

  /** Ends the live line, so that what follows starts on a line of its own. */
  synchronized void closeLine() {
    if (open) {
      terminal.out().println();
      open = false;
    }
  }

  private void rewrite(String line) {
    terminal.out().print(CLEAR_LINE + line);
    terminal.out().flush();
    open = true;
  }
}
