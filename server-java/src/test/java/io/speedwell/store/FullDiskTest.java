package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.Evaluation;
import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A data folder on a disk that is full at every kind of moment, or became read-only. */
class FullDiskTest {
  private static final int KILOBYTES = 4096;
  private static final int ROUNDS = 15;

  @TempDir Path temporary;

  private static void assertWhole(DataFolder data, int newest) throws StoreException {
    assertThat(data.runs().rounds("a")).hasSize(newest + 1);
    Checkpoint latest = data.runs().latest("a").orElseThrow();
    assertThat(latest.round()).isEqualTo(newest);
    assertThat(latest.parameters()).isEqualTo(Checkpoints.of("a", newest).parameters());
  }

  private static List<Path> parts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatFailsIsDoneOnceThereIsSpaceAndNothingIsLost(TestDatabase database) throws Exception {
    Random random = new Random(5);
    StoreSettings settings = new StoreSettings(database.fresh(), Retention.ALL);
    try (SmallDisk disk = SmallDisk.mount(temporary.resolve("disk"), KILOBYTES)) {
      Path folder = disk.folder().resolve("data");
      int failed = 0;
      try (DataFolder data = DataFolder.open(folder, settings)) {
        data.runs().commit(Checkpoints.of("a", 0));
        for (int round = 1; round <= ROUNDS; round++) {
          disk.fill(random.nextInt(4) * 4096);
          try {
            data.runs().commit(Checkpoints.of("a", round));
            data.runs().record("a", new Evaluation(round, 1, 1, Map.of("loss", 1.0)));
          } catch (StoreException e) {
            failed++;
            assertThat(e).hasMessageMatching("(?s)(checkpoint of round|database: ).*");
            assertThat(parts(folder)).as("what failed takes no room").isEmpty();
          }
          disk.relieve();
          data.runs().commit(Checkpoints.of("a", round));
          data.runs().record("a", new Evaluation(round, 1, 1, Map.of("loss", 2.0)));
          assertWhole(data, round);
        }
        assertThat(failed).isPositive();
      }
      try (DataFolder data = DataFolder.open(folder, settings)) {
        assertWhole(data, ROUNDS);
        assertThat(data.runs().evaluations("a"))
            .hasSize(ROUNDS)
            .allMatch(evaluation -> evaluation.metrics().get("loss") == 2.0);
      }
      try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
        assertThat(files).hasSize(ROUNDS + 1);
      }
    }
  }

  @Test
  void aDiskThatBecomesReadOnlyFailsInWordsAndGoesOnAfterwards() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temporary.resolve("disk"), KILOBYTES)) {
      Path folder = disk.folder().resolve("data");
      Files.createDirectory(folder);
      disk.readOnly(true);
      assertThatThrownBy(() -> DataFolder.open(folder))
          .hasMessage("data folder %s: cannot be locked (Read-only file system)".formatted(folder));
      disk.readOnly(false);
      try (DataFolder data = DataFolder.open(folder)) {
        data.runs().commit(Checkpoints.of("a", 0));
      }
    }
  }

  @Test
  void aStartOnAFullDiskIsRefusedInWordsAndGoesWellAfterwards() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temporary.resolve("disk"), KILOBYTES)) {
      Path folder = disk.folder().resolve("data");
      try (DataFolder data = DataFolder.open(folder)) {
        data.runs().commit(Checkpoints.of("a", 0));
      }
      disk.fill(0);
      try (DataFolder data = DataFolder.open(folder)) {
        assertThatThrownBy(() -> data.runs().commit(Checkpoints.of("a", 1)))
            .hasMessageContaining("No space left on device");
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("cannot be opened (No space left on device)");
      }
      disk.relieve();
      try (DataFolder data = DataFolder.open(folder)) {
        assertWhole(data, 0);
      }
    }
  }
}
