package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.model.HeInitialiser;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.RoundSummary;
import io.speedwell.store.DataFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code backup}, {@code restore} and {@code run rollback} on a folder that no server uses. */
class BackupCommandTest {
  private static final Layout LAYOUT = Layout.of(Tensor.f32("w", Rule.MEAN, 3));

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(args, Map.of(), new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  @BeforeEach
  void twoRounds() throws Exception {
    try (DataFolder data = DataFolder.open(folder.resolve("data"))) {
      for (int round = 0; round < 2; round++) {
        RoundSummary summary = RoundSummary.initial();
        data.runs()
            .commit(
                new Checkpoint(
                    7,
                    "tiny",
                    round,
                    HeInitialiser.initialise(LAYOUT, round),
                    new byte[0],
                    summary,
                    List.of()));
      }
    }
  }

  @Test
  void aFolderIsCopiedRolledBackAndRestored() throws Exception {
    assertThat(run("backup", at("copy"), "--data", at("data"))).isEqualTo(ExitCodes.OK);
    assertThat(out.toString()).contains("backup of " + at("data"), ": 2 checkpoints, ");
    assertThat(run("run", "rollback", "tiny", "0", "--data", at("data"))).isEqualTo(ExitCodes.OK);
    assertThat(out.toString()).contains("run tiny goes on after round 0");
    assertThat(run("run", "history", "tiny", "--data", at("data"))).isEqualTo(ExitCodes.OK);
    assertThat(out.toString()).containsPattern("(?m)^ +0 .* kept +$");
    assertThat(out.toString()).containsPattern("(?m)^ +1 .* kept +rolled back$");
    assertThat(run("run", "history", "tiny", "--data", at("data"), "--json"))
        .isEqualTo(ExitCodes.OK);
    assertThat(out.toString())
        .contains("\"run\":\"tiny\"", "\"rolledBackAt\":null,\"kept\":true,\"sha256\":");
    assertThat(run("run", "history", "other", "--data", at("data")))
        .isEqualTo(ExitCodes.DATA_FOLDER);
    assertThat(run("restore", at("copy"), "--data", at("again"))).isEqualTo(ExitCodes.OK);
    assertThat(out.toString()).contains(at("again") + " restored from", ": 2 checkpoints");
    try (DataFolder data = DataFolder.open(folder.resolve("data"));
        DataFolder again = DataFolder.open(folder.resolve("again"))) {
      assertThat(data.runs().latest("tiny").orElseThrow().round()).isZero();
      assertThat(again.runs().latest("tiny").orElseThrow().round()).isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeDoneIsSaidInOneLine() {
    assertThat(run("backup", at("copy"), "--data", at("nothing"))).isEqualTo(ExitCodes.DATA_FOLDER);
    assertThat(run("restore", at("data"), "--data", at("x"))).isEqualTo(ExitCodes.DATA_FOLDER);
    assertThat(run("run", "rollback", "tiny", "5", "--data", at("data")))
        .isEqualTo(ExitCodes.DATA_FOLDER);
    assertThat(run("backup", at("copy"), "--data", at("data"), "--database", "jdbc:x:y"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(run("server", "--plan", "p", "--data", "d", "--keep", "newest"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString())
        .contains(
            "data folder " + at("nothing") + ": it is not there",
            "backup.json cannot be read",
            "the rounds with a model are 0-1",
            "only jdbc:postgresql:",
            "is no rule such as")
        .doesNotContain("\tat ");
  }
}
