package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device dies at every kind of moment; the round ends by its rules, with those who are left. */
@Tag("e2e")
class DeviceKilledTest {
  private static final int MODEL_BYTES = 4 * 2_410;
  private static final String RULES = "{count: 2, goal: 3, minimum: 2, deadline: 60s}";

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  private interface Victim {
    /** Starts the device that is to die. */
    Child start(int port, Path rows) throws Exception;
  }

  private interface Moment {
    /** Waits for the moment. */
    void await(Child victim) throws Exception;
  }

  // SPW-RES-07
  @Test
  void inDownload() throws Exception {
    ChaosProxy[] line = new ChaosProxy[1];
    dies(
        (port, rows) -> {
          line[0] =
              new ChaosProxy(port, 1, ChaosProxy.Fault.STALL, MODEL_BYTES / 2, Long.MAX_VALUE);
          open.add(line[0]);
          return Programs.device(line[0].port(), "victim", rows);
        },
        victim -> assertThat(line[0].awaitDownFault()).isTrue());
  }

  // SPW-RES-07
  @Test
  void inTraining() throws Exception {
    dies(
        (port, rows) -> Programs.device(port, "victim", rows, "--pace-ms", "10000"),
        victim -> victim.awaitLine("round 1: task received"));
  }

  // SPW-RES-07
  @Test
  void inUpload() throws Exception {
    ChaosProxy[] line = new ChaosProxy[1];
    dies(
        (port, rows) -> {
          line[0] =
              new ChaosProxy(port, 1, ChaosProxy.Fault.STALL, Long.MAX_VALUE, MODEL_BYTES / 2);
          open.add(line[0]);
          return Programs.device(line[0].port(), "victim", rows);
        },
        victim -> assertThat(line[0].awaitUpFault()).isTrue());
  }

  private void dies(Victim device, Moment moment) throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 3, RULES, false);
    try (Child server = Programs.server(plan, folder.resolve("data"), 0, "--once")) {
      int port = Programs.port(server);
      Child victim = device.start(port, Rows.features(folder.resolve("v.csv"), 40, 1));
      open.add(victim);
      for (int i = 0; i < 2; i++) {
        Path rows = Rows.features(folder.resolve(i + ".csv"), 40, i);
        open.add(Programs.device(port, "survivor-" + i, rows));
      }
      moment.await(victim);
      victim.kill();
      for (AutoCloseable each : open) {
        if (each instanceof ChaosProxy line) {
          line.close(); // the line of a dead device is dead as well
        }
      }
      server.awaitLine("round 1 committed: 2 devices");
      assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isZero();
      server.awaitLine("round 2 committed: 2 devices");
    } finally {
      for (AutoCloseable each : open) {
        each.close();
      }
    }
  }
}
