package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.run.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data folders and databases that do not belong together, or belong to somebody else. */
class OwnershipTest {
  @TempDir Path folder;

  private static StoreSettings at(DatabaseUrl url) {
    return new StoreSettings(url, Retention.ALL);
  }

  private static long checkpoints(Path data) throws Exception {
    try (var files = Files.list(data.resolve("checkpoints"))) {
      return files.count();
    }
  }

  @Test
  void aFolderKeepsItsCheckpointsWhateverDatabaseIsNamed() throws Exception {
    Path own = folder.resolve("own");
    Path elsewhere = folder.resolve("elsewhere");
    StoreSettings postgres = at(TestDatabase.POSTGRESQL.fresh());
    StoreSettings other = at(TestDatabase.POSTGRESQL.fresh());
    try (DataFolder one = DataFolder.open(own);
        DataFolder two = DataFolder.open(elsewhere, postgres)) {
      one.runs().commit(Checkpoints.of("a", 0));
      two.runs().commit(Checkpoints.of("a", 0));
    }
    assertThatThrownBy(() -> DataFolder.open(own, other))
        .hasMessageContaining("holds checkpoints of another database");
    assertThatThrownBy(() -> DataFolder.open(own, postgres))
        .hasMessageContaining("belongs to another data folder");
    assertThatThrownBy(() -> DataFolder.open(folder.resolve("new"), postgres))
        .hasMessageContaining("belongs to another data folder");
    assertThatThrownBy(() -> DataFolder.open(elsewhere))
        .hasMessageContaining("holds checkpoints of another database");
    assertThat(checkpoints(own)).isEqualTo(1);
    assertThat(checkpoints(elsewhere)).isEqualTo(1);
    DataFolder.open(elsewhere, postgres).close();
  }

  @Test
  void aDatabaseIsForOneServer() throws Exception {
    StoreSettings settings = at(TestDatabase.POSTGRESQL.fresh());
    Path one = folder.resolve("one");
    try (DataFolder data = DataFolder.open(one, settings)) {
      data.runs().commit(Checkpoints.of("a", 0));
      Path copy = Files.createDirectory(folder.resolve("copy"));
      Files.copy(one.resolve("folder"), copy.resolve("folder"));
      assertThatThrownBy(() -> DataFolder.open(copy, settings))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another Speedwell server uses it");
    }
    DataFolder.open(one, settings).close();
  }

  @Test
  void aDatabaseThatCannotBeReachedIsNamedWithoutItsSecrets() throws Exception {
    DatabaseUrl nobody =
        TestDatabase.url("jdbc:postgresql://127.0.0.1:1/fleet?user=me&password=secret");
    assertThatThrownBy(() -> DataFolder.open(folder, at(nobody)))
        .hasMessageStartingWith("database jdbc:postgresql://127.0.0.1:1/fleet: cannot be reached")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> TestDatabase.url("jdbc:mysql://me:secret@host/x?password=secret"))
        .hasMessageContaining("only jdbc:postgresql:")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aPasswordFileIsForItsOwner() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    String url = "jdbc:postgresql://host/fleet";
    assertThatThrownBy(() -> DatabaseUrl.of(url, Optional.of(file)))
        .hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(DatabaseUrl.of(url, Optional.of(file)).password()).contains("secret");
  }
}
