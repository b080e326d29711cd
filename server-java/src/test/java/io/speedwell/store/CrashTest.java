package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commit acknowledged is there after the process was halted on the spot. */
class CrashTest {
  private static final int HALTED = 42;

  @TempDir Path folder;

  /** The process that dies: commits the rounds up to the one given and halts. */
  public static void main(String[] arguments) throws Exception {
    DataFolder data = DataFolder.open(Path.of(arguments[0]));
    int last = Integer.parseInt(arguments[1]);
    int next = data.runs().rounds("a").size();
    for (int round = next; round <= last; round++) {
      data.runs().commit(Checkpoints.of("a", round));
    }
    Runtime.getRuntime().halt(HALTED);
  }

  private void commitAndHalt(int round) throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashTest.class.getName(),
                folder.resolve("data").toString(),
                Integer.toString(round))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(() -> read(log)).isEqualTo(HALTED);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void acknowledgedCommitsSurvive() throws Exception {
    for (int round : new int[] {0, 3, 4}) {
      commitAndHalt(round);
      try (DataFolder data = DataFolder.open(folder.resolve("data"))) {
        assertThat(data.runs().rounds("a")).hasSize(round + 1);
        assertThat(data.runs().latest("a").orElseThrow().parameters())
            .isEqualTo(Checkpoints.of("a", round).parameters());
      }
    }
  }
}
