package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.run.CommittedRound;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
class RollBackTest {
  private static final int ATTEMPT_OF_GENERATION_1 = 1_000_001;

  @TempDir Path folder;
  @Parameter TestDatabase database;
  private StoreSettings settings;

  @BeforeEach
  void fresh() throws Exception {
    settings = new StoreSettings(database.fresh(), Retention.ALL);
  }

  private static void commitTo(RunStore runs, int last) throws StoreException {
    for (int round = 0; round <= last; round++) {
      runs.commit(Checkpoints.of("a", round));
      runs.record("a", new Evaluation(round, 1, 10, Map.of("loss", 1.0 / (1 + round))));
    }
  }

  @Test
  void theRunGoesOnFromThereAndTheHistoryStays() throws Exception {
    try (DataFolder data = DataFolder.open(folder, settings)) {
      commitTo(data.runs(), 4);
      data.runs().rollBack("a", 2);
    }
    try (DataFolder data = DataFolder.open(folder, settings)) {
      RunStore runs = data.runs();
      assertThat(runs.latest("a").orElseThrow().parameters())
          .isEqualTo(Checkpoints.of("a", 2).parameters());
      assertThat(runs.generation("a")).isEqualTo(1);
      assertThat(runs.evaluations("a")).hasSize(3);
      runs.commit(Checkpoints.of("a", 3, ATTEMPT_OF_GENERATION_1));
      runs.record("a", new Evaluation(3, 1, 10, Map.of("loss", 0.0)));
      assertThat(runs.rounds("a")).extracting(RoundSummary::round).containsExactly(0, 1, 2, 3);
      assertThat(runs.evaluations("a").get(3).metrics()).containsEntry("loss", 0.0);
      List<CommittedRound> history = runs.history("a");
      assertThat(history).hasSize(6);
      assertThat(history)
          .filteredOn(round -> round.rolledBackAtMs().isPresent())
          .extracting(round -> round.summary().round())
          .containsExactly(3, 4);
      assertThat(history.get(5).generation()).isEqualTo(1);
      assertThat(history).allMatch(CommittedRound::kept);
    }
  }

  @Test
  void whatWasMadeBeforeCannotBeCommittedAfter() throws Exception {
    try (DataFolder data = DataFolder.open(folder, settings)) {
      RunStore runs = data.runs();
      commitTo(runs, 3);
      runs.rollBack("a", 3);
      assertThatThrownBy(() -> runs.commit(Checkpoints.of("a", 4)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("made before the run was rolled back");
      assertThat(runs.rounds("a")).hasSize(4);
    }
  }

  @Test
  void roundsAndRunsThatAreNotThereAreNamed() throws Exception {
    try (DataFolder data = DataFolder.open(folder, settings)) {
      commitTo(data.runs(), 2);
      assertThatThrownBy(() -> data.runs().rollBack("a", 3))
          .hasMessageContaining("the rounds with a model are 0-2");
      assertThatThrownBy(() -> data.runs().rollBack("b", 0)).hasMessageContaining("no such run");
      assertThat(data.runs().generation("a")).isZero();
    }
  }

  @Test
  void aDamagedNewestModelIsLeftBehind() throws Exception {
    try (DataFolder data = DataFolder.open(folder, settings)) {
      RunStore runs = data.runs();
      commitTo(runs, 2);
      damage(runs.history("a").get(2).sha256());
      assertThatThrownBy(() -> runs.latest("a")).hasMessageContaining("roll the run back");
      runs.rollBack("a", 1);
      assertThat(runs.latest("a").orElseThrow().parameters())
          .isEqualTo(Checkpoints.of("a", 1).parameters());
      damage(runs.history("a").get(0).sha256());
      assertThatThrownBy(() -> runs.rollBack("a", 0)).hasMessageContaining("is damaged");
      assertThat(runs.rounds("a")).as("nothing has changed").hasSize(2);
    }
  }

  private void damage(String sha256) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(sha256))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
    }
  }
}
