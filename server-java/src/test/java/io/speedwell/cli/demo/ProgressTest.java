package io.speedwell.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void rewritesOneLineOnATerminal() {
    Progress progress = new Progress(new Terminal(out, true, true), 2);
    progress.round(new Report.Round(1, 0.5, 1.25, 10, 7));
    progress.round(new Report.Round(2, 0.953, 0.2, 10, 6));
    progress.say("done");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\033[Kround   1/2  accuracy  50.0 %  loss 1.250  10 devices  7 ms  ▁"
                + "\r\033[Kround   2/2  accuracy  95.3 %  loss 0.200  10 devices  6 ms  ▁█"
                + System.lineSeparator()
                + "done"
                + System.lineSeparator());
  }

  @Test
  void writesALinePerRoundElsewhere() {
    Progress progress = new Progress(new Terminal(out, false, false), 30);
    progress.step("each device alone", 1, 10);
    progress.round(new Report.Round(12, 0.5, 1.25, 10, 7));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "round  12/30  accuracy  50.0 %  loss 1.250  10 devices  7 ms"
                + System.lineSeparator());
  }

  @Test
  void aStepIsGoneWhenItIsOver() {
    Progress progress = new Progress(new Terminal(out, true, true), 2);
    progress.step("each device alone", 1, 10);
    progress.say("done");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\033[Keach device alone 1/10\r\033[Kdone" + System.lineSeparator());
  }

  @Test
  void drawsTheLatestValuesBetweenTheSmallestAndTheTop() {
    assertThat(Sparkline.of(List.of(0.0, 0.3, 1.0), 1, 2, false)).isEqualTo(",#");
    assertThat(Sparkline.of(List.of(0.6, 0.71, 0.81, 0.99), 1, 9, true)).isEqualTo("▁▃▅█");
    assertThat(Sparkline.of(List.of(1.0), 1, 9, true)).isEqualTo("▁");
  }
}
