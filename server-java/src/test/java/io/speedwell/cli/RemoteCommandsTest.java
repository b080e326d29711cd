package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.gateway.RawDevice;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.file.ModelFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that speak to a running server. */
class RemoteCommandsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PLAN =
      """
      name: tiny
      model:
        tensors:
          - {name: w, shape: [3]}
      rounds: {goal: 1, count: 2, deadline: 60s}
      """;

  @TempDir private Path work;
  private Path data;
  private String plan;
  private StringWriter out;
  private StringWriter err;

  @BeforeEach
  void prepare() throws Exception {
    data = work.resolve("data");
    plan = Files.writeString(work.resolve("plan.yaml"), PLAN).toString();
  }

  @Test
  void aRunIsStartedWatchedAndFetched() throws Exception {
    try (ServerInside server = ServerInside.start(data)) {
      assertThat(run("run", "list")).isEqualTo(ExitCodes.OK);
      assertThat(out.toString().lines()).hasSize(1);
      assertThat(run("run", "start", plan, "--json")).isEqualTo(ExitCodes.OK);
      assertThat(json().get("name").asText()).isEqualTo("tiny");
      awaitPhase("selecting");
      assertThat(run("run", "pause", "tiny")).isEqualTo(ExitCodes.OK);
      assertThat(out.toString()).containsPattern("tiny +paused +0/2 +idle");
      assertThat(run("run", "resume", "tiny")).isEqualTo(ExitCodes.OK);

      StringWriter watched = new StringWriter();
      CompletableFuture<Integer> watch =
          CompletableFuture.supplyAsync(() -> main(watched, "run", "watch", "tiny"));
      try (RawDevice device = new RawDevice(server.address()).enter("d")) {
        long run = Updates.train(device, 1, 2, 3);
        assertThat(device.read().hasAccepted()).isTrue();
        assertThat(device.read().hasCommitted()).isTrue();
        assertThat(run("model", "get", "tiny", work.resolve("m.npz").toString()))
            .isEqualTo(ExitCodes.OK);
        assertThat(out.toString()).startsWith("run tiny, round 1: ");
        Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, 3));
        assertThat(ModelFiles.load(work.resolve("m.npz"), layout).values())
            .containsExactly(1, 2, 3);
        Updates.trainAgain(device, run, 4, 5, 6);
        assertThat(device.read().hasAccepted()).isTrue();
        assertThat(device.read().hasCommitted()).isTrue();
      }
      assertThat(watch.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCodes.OK);
      assertThat(watched.toString())
          .containsPattern("run +round +devices")
          .containsPattern("tiny +1 +1 +0 +- ")
          .containsPattern("tiny +2 +1 +0 +- ")
          .contains("tiny: ended after round 2: all 2 rounds are done");

      assertThat(run("run", "rollback", "tiny", "1")).isEqualTo(ExitCodes.OK);
      assertThat(run("run", "history", "tiny")).isEqualTo(ExitCodes.OK);
      assertThat(out.toString()).containsPattern("(?m)^ +2 .* kept +rolled back$");
      String table = out.toString();
      assertThat(run("run", "history", "tiny", "--json")).isEqualTo(ExitCodes.OK);
      assertThat(json().get("rounds")).hasSize(3);
      assertThat(table).hasLineCount(1 + 3);
      assertThat(run("backup", work.resolve("copy").toString())).isEqualTo(ExitCodes.OK);
      assertThat(out.toString()).contains(": 3 checkpoints, ");
      assertThat(run("run", "start", plan)).isEqualTo(ExitCodes.OK);
      awaitPhase("selecting");
      assertThat(run("run", "rollback", "tiny", "0")).isEqualTo(ExitCodes.REFUSED);
      assertThat(err.toString()).contains("run tiny: it goes on; stop it first");
      assertThat(run("run", "stop", "tiny", "--now")).isEqualTo(ExitCodes.OK);
      assertThat(run("run", "watch", "tiny")).isEqualTo(ExitCodes.OK);
    }
  }

  @Test
  void whatDoesNotGoIsSaidInOneLineWithItsOwnExitCode() throws Exception {
    Files.createDirectories(data);
    assertThat(run("run", "list")).isEqualTo(ExitCodes.NO_SERVER);
    assertThat(err.toString()).contains("no server with an admin port runs on it");
    Files.writeString(data.resolve("admin.url"), "http://127.0.0.1:1\n");
    Files.writeString(data.resolve("admin.token"), "x\n");
    assertThat(run("run", "list")).isEqualTo(ExitCodes.NO_SERVER);
    assertThat(err.toString()).contains("no server answers at http://127.0.0.1:1").hasLineCount(1);
    try (ServerInside server = ServerInside.start(data)) {
      assertThat(run("run", "pause", "tiny")).isEqualTo(ExitCodes.REFUSED);
      assertThat(err.toString()).contains("run tiny: there is none").hasLineCount(1);
      assertThat(run("model", "get", "tiny", work.resolve("m.npz").toString()))
          .isEqualTo(ExitCodes.REFUSED);
      assertThat(work.resolve("m.npz")).doesNotExist();
      Files.writeString(Path.of(plan), "name: tiny\n");
      assertThat(run("run", "start", plan)).isEqualTo(ExitCodes.BAD_INPUT);
      assertThat(server.address()).isNotNull();
    }
  }

  private void awaitPhase(String phase) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              run("run", "list", "--json");
              return json().get("runs").get(0).get("phase").asText().equals(phase);
            });
  }

  private JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    return Main.run(
        args,
        Map.of("SPEEDWELL_DATA", data.toString()),
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private int main(StringWriter to, String... args) {
    return Main.run(
        args,
        Map.of("SPEEDWELL_DATA", data.toString()),
        new PrintWriter(to, true),
        new PrintWriter(to, true));
  }
}
