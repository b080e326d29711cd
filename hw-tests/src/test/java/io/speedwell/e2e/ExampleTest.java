package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What client-c/README.md has a newcomer do, with the plan and the program as they stand there. */
@Tag("e2e")
class ExampleTest {
  @TempDir private Path folder;

  @Test
  void theExampleLearnsInAFleet() throws Exception {
    Path plan = Programs.home().resolve("client-c/examples/digits.yaml");
    Path heldOut = Rows.features(folder.resolve("heldout.csv"), 100, 99);
    Path second = Rows.features(folder.resolve("device-02.csv"), 60, 2);
    Path own = Rows.features(folder.resolve("device-01.csv"), 60, 1);
    try (Child server = Programs.server(plan, folder.resolve("fleet"), 0, "--once")) {
      int port = Programs.port(server);
      try (Child evaluator = Programs.device(port, "heldout", heldOut, "--evaluate-only");
          Child other = Programs.device(port, "device-02", second);
          Child example = Programs.example(port, "my-board", own)) {
        server.awaitLine("my-board joined");
        assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isZero();
        server.awaitLines(" committed: 2 devices", 30);
        String last = server.awaitLine("round 30 evaluated, accuracy ");
        double accuracy = Double.parseDouble(last.replaceFirst(".*accuracy ([0-9.]+).*", "$1"));
        assertThat(accuracy).isGreaterThan(0.9);
        assertThat(example.alive() && other.alive() && evaluator.alive()).isTrue();
      }
    }
  }
}
