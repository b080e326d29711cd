package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people get wrong ends in one clear line and a documented exit code. */
@Tag("e2e")
class MistakesTest {
  private static final String RULES = "{count: 1, goal: 1, deadline: 60s}";

  @TempDir private Path folder;

  @Test
  void aPortInUse() throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Child server = Programs.server(plan, folder.resolve("data"), taken.getLocalPort())) {
      assertThat(server.awaitExit()).isEqualTo(5);
      assertThat(server.lines())
          .singleElement()
          .asString()
          .startsWith("speedwell: cannot listen on 127.0.0.1:" + taken.getLocalPort())
          .contains("in use", "--listen");
    }
  }

  @Test
  void anAddressThatIsNotLoopbackWithoutEncryption() throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    try (Child server =
        Programs.speedwell(
            "server",
            "--plan",
            plan.toString(),
            "--data",
            folder.resolve("data").toString(),
            "--listen",
            "0.0.0.0:0")) {
      assertThat(server.awaitExit()).isEqualTo(5);
      assertThat(server.lines()).singleElement().asString().contains("--allow-plaintext");
    }
  }

  @Test
  void tooFewOpenFilesAreSaidWithTheRemedy() throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -n 600; exec \"$@\"", "sh"));
    limited.addAll(
        Programs.command(
            List.of("-XX:TieredStopAtLevel=1"),
            Programs.serverArguments(plan, folder.resolve("data"), 0)));
    try (Child server = Child.start(limited, Map.of())) {
      assertThat(server.awaitLine("600 files open, enough for 344 connections"))
          .contains("ulimit -n", "LimitNOFILE=");
    }
  }

  @Test
  void aDataFolderThatAnotherServerUses() throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    Path data = folder.resolve("data");
    try (Child first = Programs.server(plan, data, 0)) {
      Programs.port(first);
      try (Child second = Programs.server(plan, data, 0)) {
        assertThat(second.awaitExit()).isEqualTo(6);
        assertThat(second.lines())
            .singleElement()
            .asString()
            .contains(data + ": another Speedwell server has it open");
      }
    }
  }

  @Test
  void anotherPlanForARunThatExists() throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    Path data = folder.resolve("data");
    try (Child first = Programs.server(plan, data, 0)) {
      Programs.port(first);
      first.terminate();
      assertThat(first.awaitExit()).isEqualTo(143);
    }
    Files.writeString(plan, Files.readString(plan).replace("lr: 0.2", "lr: 0.3"));
    try (Child second = Programs.server(plan, data, 0)) {
      assertThat(second.awaitExit()).isEqualTo(6);
      assertThat(second.lines()).singleElement().asString().contains("lr: 0.2", "lr: 0.3");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "goal, goals, 'unknown key'",
    "'goal: 1', 'goal: 2', 'rounds.goal'",
    "'deadline: 60s', 'deadline: soon', 'rounds.deadline'"
  })
  void aPlanThatIsWrong(String right, String wrong, String said) throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    Files.writeString(plan, Files.readString(plan).replace(right, wrong));
    try (Child server = Programs.server(plan, folder.resolve("data"), 0)) {
      assertThat(server.awaitExit()).isEqualTo(4);
      assertThat(server.lines())
          .anySatisfy(line -> assertThat(line).contains("plan.yaml:10").contains(said));
      assertThat(server.lines()).noneMatch(line -> line.contains("\tat "));
    }
  }

  @Test
  void aServerThatIsNotThereIsSaidOnceAndTriedOn() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path rows = Rows.features(folder.resolve("rows.csv"), 30, 1);
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    try (Child device = Programs.device(port, "device", rows)) {
      device.awaitLine("cannot reach 127.0.0.1:" + port);
      try (Child server = Programs.server(plan, folder.resolve("data"), port, "--once")) {
        device.awaitLine("connected to");
        assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isZero();
      }
      List<String> said = device.lines();
      int connected = said.indexOf(device.awaitLine("connected to"));
      assertThat(said.subList(0, connected)).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'lr: 0.2', 'lr: 0.2, numerics: ftz', another numerics class",
    "batch: 8, batch: 65, its trainer does not take the task or its configuration",
    "dense1.bias, dense1.offset, 'another layout, first different tensor: dense1.bias'"
  })
  void aRunThatADeviceCannotTake(String right, String wrong, String why) throws Exception {
    Path rows = Rows.features(folder.resolve("rows.csv"), 30, 1);
    Path plan = Plans.write(folder.resolve("plan.yaml"), 1, RULES, false);
    Files.writeString(plan, Files.readString(plan).replace(right, wrong));
    try (Child server = Programs.server(plan, folder.resolve("data"), 0);
        Child device = Programs.device(Programs.port(server), "odd", rows)) {
      assertThat(server.awaitLine("odd refused")).contains(why);
      device.awaitLine("refused");
      assertThat(device.alive()).isTrue();
    }
  }

  @Test
  void twoDevicesWithOneId() throws Exception {
    Path rows = Rows.features(folder.resolve("rows.csv"), 30, 1);
    Path plan =
        Plans.write(folder.resolve("plan.yaml"), 2, "{count: 1, goal: 2, deadline: 60s}", false);
    try (Child server = Programs.server(plan, folder.resolve("data"), 0)) {
      int port = Programs.port(server);
      try (Child first = Programs.device(port, "twin", rows)) {
        first.awaitLine("connected to");
        try (Child second = Programs.device(port, "twin", rows)) {
          second.awaitLine("another device with this id is connected");
          assertThat(first.lines()).as("the first one stays").hasSize(1);
          assertThat(first.alive()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "missing, rows.csv",
    "ragged, rows.csv:2",
    "word, rows.csv:2",
    "class, rows.csv:2",
    "empty, rows.csv"
  })
  void rowsThatAreWrong(String what, String said) throws Exception {
    Path rows = folder.resolve("rows.csv");
    String good = "0.5" + ",0".repeat(63) + ",4\n";
    switch (what) {
      case "ragged" -> Files.writeString(rows, good + "1,2,3\n");
      case "word" -> Files.writeString(rows, good + "x" + ",0".repeat(63) + ",4\n");
      case "class" -> Files.writeString(rows, good + "1" + ",0".repeat(63) + ",10\n");
      case "empty" -> Files.createFile(rows);
      default -> {}
    }
    try (Child device = Programs.device(1, "device", rows)) {
      assertThat(device.awaitExit()).isEqualTo(3);
      assertThat(device.lines()).singleElement().asString().contains(said);
    }
  }
}
