package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.run.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database file of a data folder is not what was written. */
class DamagedDatabaseTest {
  private static final int TRIES = 12;

  @TempDir Path folder;

  @Test
  void aStrangersFileIsRefused() throws Exception {
    Files.write(folder.resolve("speedwell.mv.db"), "no database".repeat(1_000).getBytes());
    assertThatThrownBy(() -> DataFolder.open(folder))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("its database cannot be used (");
  }

  /** Whatever is damaged: either nothing is lost, or the folder is refused in words. */
  @Test
  void damageIsRefusedOrHarmless() throws Exception {
    try (DataFolder data = DataFolder.open(folder)) {
      for (int round = 0; round < 5; round++) {
        data.runs().commit(Checkpoints.of("a", round));
      }
    }
    byte[] good = Files.readAllBytes(folder.resolve("speedwell.mv.db"));
    int refused = 0;
    Random random = new Random(7);
    for (int attempt = 0; attempt < TRIES; attempt++) {
      byte[] bad = good.clone();
      int from = random.nextInt(bad.length);
      for (int i = from; i < Math.min(bad.length, from + 512); i++) {
        bad[i] = (byte) random.nextInt();
      }
      Path damaged = folder.resolve("damaged" + attempt);
      Files.createDirectory(damaged);
      for (String name : new String[] {"folder", "checkpoints"}) {
        Files.createSymbolicLink(damaged.resolve(name), folder.resolve(name));
      }
      Files.write(damaged.resolve("speedwell.mv.db"), bad);
      try (DataFolder data = DataFolder.open(damaged)) {
        assertThat(data.runs().rounds("a")).hasSize(5);
        assertThat(data.runs().latest("a").orElseThrow().parameters())
            .isEqualTo(Checkpoints.of("a", 4).parameters());
      } catch (StoreException e) {
        refused++;
        assertThat(e).hasMessageMatching("(?s)(data folder|database: ).*");
      }
    }
    assertThat(refused).isPositive();
    try (DataFolder data = DataFolder.open(folder)) {
      assertThat(data.runs().latest("a")).as("no refusal swept anything").isPresent();
    }
  }
}
