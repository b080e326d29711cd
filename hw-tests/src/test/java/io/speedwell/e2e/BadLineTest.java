package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten devices, three of them with the smallest buffers behind lines that divide frames anywhere and
 * break once in each direction.
 */
@Tag("e2e")
class BadLineTest {
  private static final int DEVICES = 10;
  private static final int BEHIND_BAD_LINES = 3;
  private static final int ROUNDS = 3;
  private static final int MODEL_BYTES = 4 * 2_410;

  @TempDir private Path folder;

  // SPW-RES-01, SPW-RES-02
  @Test
  void transfersGoOnWhereTheyBroke() throws Exception {
    Path plan =
        Plans.write(
            folder.resolve("plan.yaml"), DEVICES, "{count: 3, goal: 10, deadline: 60s}", true);
    List<AutoCloseable> open = new ArrayList<>();
    try (Child server = Programs.server(plan, folder.resolve("data"), 0, "--once")) {
      int port = Programs.port(server);
      List<ChaosProxy> lines = new ArrayList<>();
      List<Child> behind = new ArrayList<>();
      for (int i = 0; i < DEVICES; i++) {
        Path rows = Rows.features(folder.resolve("rows-" + i + ".csv"), 20 + 10 * i, i);
        Child device;
        if (i < BEHIND_BAD_LINES) {
          // in the middle of the first model down, and of the first update up
          ChaosProxy line =
              new ChaosProxy(
                  port,
                  i,
                  ChaosProxy.Fault.CUT,
                  MODEL_BYTES / 2 + 500 * i,
                  MODEL_BYTES / 2 + 700 * i);
          lines.add(line);
          open.add(line);
          device = Programs.device(line.port(), "device-" + i, rows, "--frame-buffer", "256");
          behind.add(device);
        } else {
          device = Programs.device(port, "device-" + i, rows);
        }
        open.add(device);
      }
      open.add(
          Programs.device(
              port,
              Plans.EVALUATOR,
              Rows.features(folder.resolve("heldout.csv"), 100, 99),
              "--evaluate-only"));

      assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isZero();
      for (int round = 1; round <= ROUNDS; round++) {
        server.awaitLine("round " + round + " committed: 10 devices");
      }
      for (int i = 0; i < BEHIND_BAD_LINES; i++) {
        assertThat(lines.get(i).awaitDownFault()).as("line " + i + " broke downwards").isTrue();
        assertThat(lines.get(i).awaitUpFault()).as("line " + i + " broke upwards").isTrue();
        behind.get(i).awaitLines("transfer goes on at byte", 2);
      }
    } finally {
      for (AutoCloseable each : open) {
        each.close();
      }
    }
  }
}
