package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server ends in the middle of a round and is started again on its data folder. */
@Tag("e2e")
class ServerRestartTest {
  private static final int DEVICES = 4;
  private static final int ROUNDS = 6;

  @TempDir private Path folder;

  private enum End {
    NONE,
    /** Nothing can be finished or said. */
    KILLED,
    /** Devices are told when to come back. */
    STOPPED
  }

  @Test
  void theRunGoesOnAndComesToTheSameModel() throws Exception {
    float[] undisturbed = run(End.NONE);
    assertThat(run(End.KILLED)).as("no update lost, none counted twice").isEqualTo(undisturbed);
    assertThat(run(End.STOPPED)).isEqualTo(undisturbed);
  }

  /** Runs all rounds; the last model the server stored. */
  private float[] run(End end) throws Exception {
    String name = end.name();
    Path plan =
        Plans.write(
            folder.resolve(name + ".yaml"),
            DEVICES,
            "{count: %d, goal: %d, deadline: 60s}".formatted(ROUNDS, DEVICES),
            false);
    Path data = folder.resolve(name);
    List<Child> devices = new ArrayList<>();
    Child server = Programs.server(plan, data, 0, "--once");
    try {
      int port = Programs.port(server);
      for (int i = 0; i < DEVICES; i++) {
        Path rows = Rows.features(folder.resolve(name + i + ".csv"), 40 + 8 * i, i);
        devices.add(Programs.device(port, "device-" + i, rows, "--pace-ms", "4"));
      }
      if (end != End.NONE) {
        server.awaitLine("round 2 committed");
        devices.get(0).awaitLine("round 3: task received");
        if (end == End.KILLED) {
          server.kill();
        } else {
          server.terminate();
          assertThat(server.awaitExit()).isEqualTo(143);
          devices.get(0).awaitLine("it shuts down");
        }
        server = Programs.server(plan, data, port, "--once");
        server.awaitLine("goes on after round 2");
      }
      assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isZero();
      int rounds = end == End.NONE ? ROUNDS : ROUNDS - 2;
      List<String> committed = server.awaitLines(" committed: ", rounds);
      assertThat(committed).hasSize(rounds);
      assertThat(committed).allSatisfy(line -> assertThat(line).contains(DEVICES + " devices"));
      return ForwardPass.ofSafetensors(newest(data.resolve("checkpoints"))).values();
    } finally {
      for (Child device : devices) {
        device.close();
      }
      server.close();
    }
  }

  private static Path newest(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .orElseThrow();
    }
  }
}
