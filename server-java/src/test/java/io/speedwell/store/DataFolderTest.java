package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.model.file.ModelFiles;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class DataFolderTest {
  @TempDir Path folder;
  @Parameter TestDatabase database;
  private DatabaseUrl url;

  @BeforeEach
  void fresh() throws Exception {
    url = database.fresh();
  }

  private DataFolder open(Path data) throws StoreException {
    return DataFolder.open(data, new StoreSettings(url, Retention.ALL));
  }

  private Connection connect() throws SQLException {
    return url.embedded()
        ? DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("speedwell"), "", "")
        : DriverManager.getConnection(url.jdbc());
  }

  private List<Path> checkpointFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files.sorted().toList();
    }
  }

  private static void assertSame(Checkpoint found, Checkpoint expected) {
    assertThat(found.runId()).isEqualTo(expected.runId());
    assertThat(found.run()).isEqualTo(expected.run());
    assertThat(found.round()).isEqualTo(expected.round());
    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.strategyState()).isEqualTo(expected.strategyState());
    assertThat(found.summary()).isEqualTo(expected.summary());
    assertThat(found.counted()).isEqualTo(expected.counted());
  }

  @Test
  void whatWasCommittedIsThereWhenOpenedAgain() throws Exception {
    try (DataFolder data = open(folder)) {
      assertThat(data.runs().latest("a")).isEmpty();
      assertThat(data.runs().rounds("a")).isEmpty();
      for (int round = 0; round <= 3; round++) {
        data.runs().commit(Checkpoints.of("a", round));
        assertSame(data.runs().latest("a").orElseThrow(), Checkpoints.of("a", round));
      }
      data.runs().commit(Checkpoints.of("b", 0));
    }
    try (DataFolder data = open(folder)) {
      assertSame(data.runs().latest("a").orElseThrow(), Checkpoints.of("a", 3));
      assertSame(data.runs().latest("b").orElseThrow(), Checkpoints.of("b", 0));
      assertThat(data.runs().rounds("a"))
          .isEqualTo(Stream.of(0, 1, 2, 3).map(r -> Checkpoints.of("a", r).summary()).toList());
      assertThat(data.runs().counted("a", 0)).isEmpty();
      assertThat(data.runs().counted("a", 2)).isEqualTo(Checkpoints.of("a", 2).counted());
    }
    assertThat(checkpointFiles()).hasSize(5);
  }

  @Test
  void aRoundIsCommittedOnce() throws Exception {
    try (DataFolder data = open(folder)) {
      Checkpoint first = Checkpoints.of("a", 1);
      data.runs().commit(first);
      Checkpoint other = Checkpoints.of("a", 2);
      data.runs()
          .commit(
              new Checkpoint(
                  first.runId(),
                  "a",
                  1,
                  other.parameters(),
                  new byte[0],
                  first.summary(),
                  first.counted()));
      assertSame(data.runs().latest("a").orElseThrow(), first);
      assertThat(checkpointFiles()).hasSize(1);
    }
  }

  @Test
  void anotherRunOfTheSameNameIsRefused() throws Exception {
    try (DataFolder data = open(folder)) {
      Checkpoint first = Checkpoints.of("a", 0);
      data.runs().commit(first);
      Checkpoint stranger =
          new Checkpoint(7, "a", 1, first.parameters(), new byte[0], first.summary(), List.of());
      assertThatThrownBy(() -> data.runs().commit(stranger))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another run of this name");
      assertThat(data.runs().rounds("a")).hasSize(1);
    }
  }

  @Test
  void evaluationsAreKeptAndReplaced() throws Exception {
    Evaluation first = new Evaluation(0, 1, 360, Map.of("accuracy", 0.5, "loss", 1.25));
    Evaluation second = new Evaluation(1, 2, 720, Map.of("accuracy", 0.75));
    Evaluation again = new Evaluation(1, 1, 360, Map.of("loss", 0.125));
    try (DataFolder data = open(folder)) {
      RunStore runs = data.runs();
      assertThatThrownBy(() -> runs.record("a", first))
          .hasMessageContaining("which is not committed");
      runs.commit(Checkpoints.of("a", 0));
      runs.commit(Checkpoints.of("a", 1));
      runs.record("a", second);
      runs.record("a", first);
      assertThat(runs.evaluations("a")).containsExactly(first, second);
      runs.record("a", again);
    }
    try (DataFolder data = open(folder)) {
      assertThat(data.runs().evaluations("a")).containsExactly(first, again);
      assertThat(data.runs().evaluations("b")).isEmpty();
    }
  }

  @Test
  void checkpointsAreSafetensorsFiles() throws Exception {
    try (DataFolder data = open(folder)) {
      data.runs().commit(Checkpoints.of("a", 2));
    }
    Path file = checkpointFiles().get(0);
    assertThat(ModelFiles.headers(file).stream().map(header -> header.name()))
        .containsExactly("w", "fixed", "speedwell.state");
  }

  @Test
  void orphansAreSweptAndStrangersStay() throws Exception {
    try (DataFolder data = open(folder)) {
      data.runs().commit(Checkpoints.of("a", 0));
    }
    Path kept = checkpointFiles().get(0);
    Path checkpoints = folder.resolve("checkpoints");
    Files.copy(kept, checkpoints.resolve("0".repeat(64) + ".safetensors"));
    Files.write(checkpoints.resolve("8000000000000061.part"), new byte[10]);
    Path stranger = Files.writeString(checkpoints.resolve("notes.txt"), "mine");
    try (DataFolder data = open(folder)) {
      assertSame(data.runs().latest("a").orElseThrow(), Checkpoints.of("a", 0));
    }
    assertThat(checkpointFiles()).containsExactlyInAnyOrder(kept, stranger);
  }

  @Test
  void aDamagedCheckpointIsNamed() throws Exception {
    try (DataFolder data = open(folder)) {
      data.runs().commit(Checkpoints.of("a", 4));
      Path file = checkpointFiles().get(0);
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length - 1] ^= 1;
      Files.write(file, bad);
      assertThatThrownBy(() -> data.runs().latest("a"))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("checkpoint of round 4 of run a: " + file + " is damaged")
          .hasMessageContaining("put the file back from a backup");
      Files.delete(file);
      assertThatThrownBy(() -> data.runs().latest("a")).hasMessageContaining("is missing");
      Files.write(file, good);
      assertSame(data.runs().latest("a").orElseThrow(), Checkpoints.of("a", 4));
    }
  }

  @Test
  void aFolderIsForOneServer() throws Exception {
    try (DataFolder data = open(folder)) {
      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("another Speedwell server has it open");
      data.runs().commit(Checkpoints.of("a", 0));
    }
    open(folder).close();
  }

  @Test
  void foldersThatCannotBeUsedAreNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(StoreException.class)
        .hasMessage("data folder %s: cannot be made (a file is in its place)".formatted(file));
    assertThatThrownBy(() -> open(folder.resolve("a;b")))
        .hasMessageContaining("its path has a ';'");
  }

  @Test
  void aNewerSchemaIsRefusedAndTheFolderLetGo() throws Exception {
    open(folder).close();
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO \"flyway_schema_history\" VALUES (99, '99', 'later', 'SQL',"
              + " 'V99__later.sql', 1, '', CURRENT_TIMESTAMP, 1, TRUE)");
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("has schema 99 of a newer Speedwell, and this one knows 4 at most");
    }
  }

  @Test
  void aFailedCommitLeavesWhatWasThereAndMayBeTriedAgain() throws Exception {
    try (DataFolder data = open(folder)) {
      data.runs().commit(Checkpoints.of("a", 0));
      Path checkpoints = folder.resolve("checkpoints");
      Path aside = folder.resolve("aside");
      Files.move(checkpoints, aside);
      assertThatThrownBy(() -> data.runs().commit(Checkpoints.of("a", 1)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("checkpoint of round 1 of run a: cannot be written");
      Files.move(aside, checkpoints);
      assertSame(data.runs().latest("a").orElseThrow(), Checkpoints.of("a", 0));
      data.runs().commit(Checkpoints.of("a", 1));
      assertSame(data.runs().latest("a").orElseThrow(), Checkpoints.of("a", 1));
    }
  }
}
