package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code speedwell demo}, as a person starts it, on made-up digits. */
@Tag("e2e")
class DemoTest {
  private static final int ROUNDS = 4;
  private static final int DEVICES = 3;

  @TempDir private Path folder;

  private Child demo(Path work, long seed, int rounds) throws IOException {
    Path digits = Rows.pixels(folder.resolve("digits.csv"), 400, 1);
    return Programs.speedwell(
        "demo",
        "--digits",
        digits.toString(),
        "--rounds",
        Integer.toString(rounds),
        "--devices",
        Integer.toString(DEVICES),
        "--seed",
        Long.toString(seed),
        "--work",
        work.toString(),
        "--report",
        work.resolve("report.json").toString());
  }

  private JsonNode report(String name, long seed) throws Exception {
    Path work = folder.resolve(name);
    try (Child demo = demo(work, seed, ROUNDS)) {
      assertThat(demo.awaitExit()).as(String.join("\n", demo.lines())).isZero();
    }
    return new ObjectMapper().readTree(Files.readString(work.resolve("report.json")));
  }

  // SPW-NUM-03
  @Test
  void oneSeedGivesOneModelAndAnotherSeedAnother() throws Exception {
    JsonNode first = report("first", 7);
    JsonNode again = report("again", 7);
    JsonNode other = report("other", 8);
    assertThat(first.at("/model/sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(again.at("/model/sha256")).isEqualTo(first.at("/model/sha256"));
    assertThat(again.at("/final")).isEqualTo(first.at("/final"));
    assertThat(again.at("/alone")).isEqualTo(first.at("/alone"));
    assertThat(other.at("/model/sha256")).isNotEqualTo(first.at("/model/sha256"));
  }

  @Test
  void reportsWhatAnyoneCanRecompute() throws Exception {
    JsonNode report = report("work", 7);
    Path work = folder.resolve("work");
    ForwardPass model =
        ForwardPass.ofSafetensors(Path.of(report.at("/model/safetensors").asText()));
    List<String> heldOut = Files.readAllLines(work.resolve("heldout.csv"));
    assertThat(heldOut).hasSize(80);
    assertThat(report.at("/final/accuracy").asDouble())
        .isEqualTo(model.accuracy(work.resolve("heldout.csv")));

    assertThat(report.at("/rounds")).hasSize(ROUNDS);
    assertThat(report.at("/rounds/3/round").asInt()).isEqualTo(4);
    assertThat(report.at("/rounds/3/accuracy")).isEqualTo(report.at("/final/accuracy"));
    assertThat(report.at("/rounds"))
        .allSatisfy(r -> assertThat(r.get("devices").asInt()).isEqualTo(DEVICES));
    assertThat(report.at("/alone/perDevice")).hasSize(DEVICES);
    assertThat(report.at("/overheadBytesPerDeviceRound").asDouble()).isBetween(1.0, 400.0);
    assertThat(report.at("/seed").asLong()).isEqualTo(7);
    assertThat(Files.readAllLines(work.resolve("metrics.csv"))).hasSize(1 + ROUNDS);
    assertThat(work.resolve("plan.yaml")).content().contains("name: demo");
    assertThat(work.resolve("model.npz")).isNotEmptyFile();
    assertThat(work.resolve("model.h")).content().contains("dense1");
    assertThat(work.resolve("shards")).isDirectoryContaining("glob:**device-03.csv");
  }

  @Test
  void saysThatItCannotWriteToItsFolder() throws Exception {
    Path file = Files.createFile(folder.resolve("a-file"));
    try (Child demo = demo(file.resolve("work"), 1, 1)) {
      assertThat(demo.awaitExit()).isEqualTo(6);
      assertThat(demo.lines()).singleElement().asString().contains(file.toString());
    }
  }

  @Test
  void leavesNoProcessBehindWhenInterrupted() throws Exception {
    Path work = folder.resolve("interrupted");
    try (Child demo = demo(work, 1, 1_000)) {
      demo.awaitLine("round   2/");
      assertThat(devicesOf(work)).isNotEmpty();
      demo.signal("INT");
      assertThat(demo.awaitExit()).isEqualTo(130);
    }
    assertThat(devicesOf(work)).isEmpty();
  }

  @Test
  void leavesNoProcessBehindWhenKilled() throws Exception {
    Path work = folder.resolve("killed");
    try (Child demo = demo(work, 1, 1_000)) {
      demo.awaitLine("round   2/");
      demo.kill();
      await().atMost(Child.PATIENCE).until(() -> devicesOf(work).isEmpty());
    }
  }

  @Test
  void saysWhichDeviceEndedByItself() throws Exception {
    Path work = folder.resolve("one-dies");
    try (Child demo = demo(work, 1, 1_000)) {
      demo.awaitLine("round   2/");
      devicesOf(work).get(0).destroyForcibly();
      assertThat(demo.awaitExit()).isEqualTo(7);
      demo.awaitLine("ended by itself (exit code 137); see " + work.toRealPath().resolve("logs"));
    }
    assertThat(devicesOf(work)).isEmpty();
  }

  /** Processes that were started with a file of this folder. */
  private static List<ProcessHandle> devicesOf(Path work) {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().command().orElse("").endsWith("speedwell-device"))
        .filter(
            process ->
                String.join(" ", process.info().arguments().orElse(new String[0]))
                    .contains(work.toString()))
        .toList();
  }
}
