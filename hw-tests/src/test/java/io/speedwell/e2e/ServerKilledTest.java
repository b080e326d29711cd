package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed in the middle of a round and started again on its data folder. */
@Tag("e2e")
class ServerKilledTest {
  private static final int DEVICES = 4;
  private static final int ROUNDS = 6;

  @TempDir private Path folder;

  @Test
  void theRunGoesOnAndComesToTheSameModel() throws Exception {
    String undisturbed = run("undisturbed", false);
    String killed = run("killed", true);
    assertThat(killed).as("no update lost, none counted twice").isEqualTo(undisturbed);
  }

  /** Runs all rounds; what the server says of the evaluation of the last one. */
  private String run(String name, boolean kill) throws Exception {
    Path plan =
        Plans.write(
            folder.resolve(name + ".yaml"),
            DEVICES,
            "{count: %d, goal: %d, deadline: 60s}".formatted(ROUNDS, DEVICES),
            true);
    Path data = folder.resolve(name);
    List<Child> devices = new ArrayList<>();
    Child server = Programs.server(plan, data, 0, "--once");
    try {
      int port = Programs.port(server);
      for (int i = 0; i < DEVICES; i++) {
        Path rows = Rows.features(folder.resolve(name + i + ".csv"), 40 + 8 * i, i);
        devices.add(Programs.device(port, "device-" + i, rows, "--pace-ms", "4"));
      }
      Path heldOut = Rows.features(folder.resolve(name + "-heldout.csv"), 100, 99);
      devices.add(Programs.device(port, Plans.EVALUATOR, heldOut, "--evaluate-only"));
      if (kill) {
        server.awaitLine("round 2 committed");
        devices.get(0).awaitLine("round 3: task received");
        server.kill();
        server = Programs.server(plan, data, port, "--once");
        server.awaitLine("goes on after round 2");
      }
      assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isZero();
      List<String> committed = server.awaitLines(" committed: ", kill ? ROUNDS - 2 : ROUNDS);
      assertThat(committed).hasSize(kill ? ROUNDS - 2 : ROUNDS);
      assertThat(committed).allSatisfy(line -> assertThat(line).contains(DEVICES + " devices"));
      return server.awaitLine("round " + ROUNDS + " evaluated");
    } finally {
      for (Child device : devices) {
        device.close();
      }
      server.close();
    }
  }
}
