package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What commit acknowledged is there after the process was halted on the spot. */
class CrashTest {
  private static final int HALTED = 42;

  @TempDir Path folder;

  /** The process that dies: commits the rounds up to the one given and halts. */
  public static void main(String[] arguments) throws Exception {
    DataFolder data = open(Path.of(arguments[0]), arguments[2]);
    int last = Integer.parseInt(arguments[1]);
    int next = data.runs().rounds("a").size();
    for (int round = next; round <= last; round++) {
      data.runs().commit(Checkpoints.of("a", round));
    }
    Runtime.getRuntime().halt(HALTED);
  }

  private static DataFolder open(Path folder, String jdbc) throws StoreException {
    DatabaseUrl url = jdbc.isEmpty() ? DatabaseUrl.EMBEDDED : TestDatabase.url(jdbc);
    return DataFolder.open(folder, new StoreSettings(url, Retention.ALL));
  }

  private void commitAndHalt(int round, String jdbc) throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashTest.class.getName(),
                folder.resolve("data").toString(),
                Integer.toString(round),
                jdbc)
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

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void acknowledgedCommitsSurvive(TestDatabase database) throws Exception {
    DatabaseUrl url = database.fresh();
    for (int round : new int[] {0, 3, 4}) {
      commitAndHalt(round, url.jdbc());
      try (DataFolder data = open(folder.resolve("data"), url.jdbc())) {
        assertThat(data.runs().rounds("a")).hasSize(round + 1);
        assertThat(data.runs().latest("a").orElseThrow().parameters())
            .isEqualTo(Checkpoints.of("a", round).parameters());
      }
    }
  }
}
