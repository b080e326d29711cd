package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while a round is open that cannot be finished. */
@Tag("e2e")
class DrainTest {
  private static final String RULES = "{count: 2, goal: 2, deadline: 10m}";

  @TempDir private Path folder;
  private final List<Child> children = new ArrayList<>();

  @AfterEach
  void end() {
    children.forEach(Child::close);
  }

  @Test
  void aDeviceThatIsFrozenKeepsNobodyWaiting() throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 2, RULES, false);
    Path data = folder.resolve("data");
    Child server = keep(Programs.server(plan, data, 0, "--drain", "1s"));
    int port = Programs.port(server);
    Child frozen = keep(device(port, "frozen", "--pace-ms", "50"));
    Child other = keep(device(port, "other"));
    frozen.awaitLine("round 1: task received");
    frozen.signal("STOP"); // it does not hear the goodbye, nor hang up
    other.awaitLine("round 1: result accepted");
    server.terminate();
    assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isEqualTo(143);
    assertThat(server.lines()).noneMatch(line -> line.contains("took longer"));
    other.awaitLine("it shuts down");

    Child again = keep(Programs.server(plan, data, port, "--once"));
    again.awaitLine("listening on ");
    frozen.signal("CONT");
    assertThat(again.awaitExit()).as(String.join("\n", again.lines())).isZero();
    assertThat(again.awaitLines(" committed: 2 devices", 2)).hasSize(2);
  }

  private Child device(int port, String id, String... more) throws Exception {
    Path rows = Rows.features(folder.resolve(id + ".csv"), 40, id.length());
    return Programs.device(port, id, rows, more);
  }

  private Child keep(Child child) {
    children.add(child);
    return child;
  }
}
