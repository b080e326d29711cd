package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.run.Evaluation;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
  private static final int ATTEMPT_OF_GENERATION_1 = 1_000_001;

  @TempDir Path folder;

  private static List<Integer> kept(RunStore runs) throws StoreException {
    return runs.history("a").stream().filter(r -> r.kept()).map(r -> r.summary().round()).toList();
  }

  private long files() throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files.count();
    }
  }

  private DataFolder open(DatabaseUrl url, String rule) throws StoreException {
    return DataFolder.open(folder, new StoreSettings(url, Retention.parse(rule)));
  }

  private static void commit(RunStore runs, int round, double loss) throws StoreException {
    runs.commit(Checkpoints.of("a", round));
    runs.record("a", new Evaluation(round, 1, 10, Map.of("loss", loss, "accuracy", -loss)));
    runs.tidy("a");
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theRuleKeepsTheLastEveryNthAndTheBest(TestDatabase database) throws Exception {
    DatabaseUrl url = database.fresh();
    try (DataFolder data = open(url, "last=2,every=5,min=loss")) {
      for (int round = 0; round <= 12; round++) {
        commit(data.runs(), round, Math.abs(round - 3));
      }
      assertThat(kept(data.runs())).containsExactly(0, 3, 5, 10, 11, 12);
      assertThat(files()).isEqualTo(6);
      assertThat(data.runs().rounds("a")).as("the history is whole").hasSize(13);
    }
    try (DataFolder data = open(url, "last=1")) {
      assertThat(kept(data.runs())).as("opening changes nothing").hasSize(6);
      commit(data.runs(), 13, 9);
      assertThat(kept(data.runs())).containsExactly(13);
      assertThat(data.runs().latest("a").orElseThrow().parameters())
          .isEqualTo(Checkpoints.of("a", 13).parameters());
    }
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void theSameModelMadeAgainAfterARollBackIsNotLost() throws Exception {
    try (DataFolder data = open(DatabaseUrl.EMBEDDED, "last=1")) {
      RunStore runs = data.runs();
      runs.commit(Checkpoints.of("a", 0));
      runs.commit(Checkpoints.of("a", 1));
      runs.rollBack("a", 0);
      runs.commit(Checkpoints.of("a", 1, ATTEMPT_OF_GENERATION_1));
      runs.tidy("a");
      assertThat(runs.latest("a").orElseThrow().parameters())
          .isEqualTo(Checkpoints.of("a", 1).parameters());
    }
    assertThat(files()).isEqualTo(1);
  }

  @Test
  void aModelThatIsNotKeptCannotBeRolledBackTo() throws Exception {
    try (DataFolder data = open(DatabaseUrl.EMBEDDED, "last=2")) {
      for (int round = 0; round <= 4; round++) {
        commit(data.runs(), round, 1);
      }
      assertThatThrownBy(() -> data.runs().rollBack("a", 2))
          .hasMessage(
              "run a: it cannot be rolled back to round 2; the rounds with a model are 3-4");
      assertThat(data.runs().rounds("a")).hasSize(5);
    }
  }

  @Test
  void theNewestOnesTheRunStandsOnAreKeptBesidesTheNewestOfAll() throws Exception {
    try (DataFolder data = open(DatabaseUrl.EMBEDDED, "last=2")) {
      RunStore runs = data.runs();
      for (int round = 0; round <= 9; round++) {
        runs.commit(Checkpoints.of("a", round));
      }
      runs.rollBack("a", 5);
      runs.tidy("a");
      assertThat(kept(runs)).containsExactly(4, 5, 8, 9);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "last=10", "last=3,every=7", "last=1,max=accuracy"})
  void rulesAreShownAsTheyAreWritten(String rule) {
    assertThat(Retention.parse(rule)).hasToString(rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "last",
        "last=0",
        "last=x",
        "last=1,last=2",
        "newest=1",
        "max=a,min=b",
        "max="
      })
  void whatIsNoRuleIsRefused(String rule) {
    assertThatThrownBy(() -> Retention.parse(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + rule + "' is no rule such as");
  }
}
