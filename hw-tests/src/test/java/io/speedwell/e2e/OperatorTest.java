package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator said of runs holds when the server is killed and started again. */
@Tag("e2e")
class OperatorTest {
  private static final String PLAN =
      """
      name: %s
      model: {tensors: [{name: w, shape: [3]}]}
      rounds: {goal: 1, count: 5, deadline: 60s}
      """;

  @TempDir private Path folder;

  @Test
  void pausesAndStopsAndStartsOutliveTheServer() throws Exception {
    Path planned = plan("planned");
    Path begun = plan("begun");
    try (Child server = start(planned)) {
      say("start", begun.toString());
      server.awaitLine("begun: starts");
      say("pause", "begun");
      say("stop", "planned");
      server.awaitLine("planned: ended");
      server.kill();
    }
    try (Child server = start(planned)) {
      server.awaitLine("begun: paused");
      server.awaitLine("planned: ended after round 0: it was stopped");
      say("resume", "begun");
      server.awaitLine("begun: round 1 waits for devices");
      server.kill();
    }
    try (Child server = start(planned)) {
      server.awaitLine("begun: round 1 waits for devices");
      say("start", planned.toString());
      server.awaitLine("planned: round 1 waits for devices");
      say("stop", "begun");
      server.awaitLine("begun: ended");
      server.kill();
    }
    try (Child server = start(planned)) {
      server.awaitLine("planned: round 1 waits for devices");
      assertThat(server.lines()).noneMatch(line -> line.startsWith("begun: "));
    }
  }

  private Path plan(String name) throws Exception {
    return Files.writeString(folder.resolve(name + ".yaml"), PLAN.formatted(name));
  }

  private Child start(Path planned) throws Exception {
    Child server = Programs.server(planned, folder.resolve("data"), 0);
    server.awaitLine("admin port on ");
    return server;
  }

  /** {@code speedwell run ...}, with the run's name or plan. */
  private void say(String word, String run) throws Exception {
    try (Child order =
        Programs.speedwell("run", word, run, "--data", folder.resolve("data").toString())) {
      assertThat(order.awaitExit()).as(String.join("\n", order.lines())).isZero();
    }
  }
}
