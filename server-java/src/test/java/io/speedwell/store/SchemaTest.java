package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.run.RoundSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A data folder of an earlier version of Speedwell. */
class SchemaTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theFirstSchemaIsBroughtUpAndNothingIsLost(TestDatabase database) throws Exception {
    DatabaseUrl url = database.fresh();
    String jdbc = url.embedded() ? "jdbc:h2:file:" + folder.resolve("speedwell") : url.jdbc();
    Flyway.configure()
        .dataSource(jdbc, url.embedded() ? "" : null, url.embedded() ? "" : null)
        .target("1")
        .load()
        .migrate();
    CheckpointFiles files = CheckpointFiles.open(folder.resolve("checkpoints"));
    String first = files.write(Checkpoints.of("a", 0));
    String second = files.write(Checkpoints.of("a", 1));
    try (Connection connection =
            url.embedded()
                ? DriverManager.getConnection(jdbc, "", "")
                : DriverManager.getConnection(jdbc);
        var statement = connection.createStatement()) {
      long id = Checkpoints.of("a", 0).runId();
      statement.execute("INSERT INTO run (id, name) VALUES (" + id + ", 'a')");
      String rest = "', CURRENT_TIMESTAMP, 1, 2, 3, 4, NULL, 0.5, 6, 7, 8, 9, 10, 11, 12, 13)";
      String into = "INSERT INTO committed_round VALUES (" + id;
      statement.execute(into + ", 0, '" + first + rest);
      statement.execute(into + ", 1, '" + second + rest);
      statement.execute("INSERT INTO evaluation VALUES (" + id + ", 1, 1, 360)");
      statement.execute("INSERT INTO evaluation_metric VALUES (" + id + ", 1, 'loss', 0.25)");
    }
    StoreSettings settings = new StoreSettings(url, Retention.ALL);
    try (DataFolder data = DataFolder.open(folder, settings)) {
      assertThat(data.runs().rounds("a")).extracting(RoundSummary::round).containsExactly(0, 1);
      assertThat(data.runs().rounds("a").get(1).lossAfter()).isEqualTo(0.5);
      assertThat(data.runs().latest("a").orElseThrow().parameters())
          .isEqualTo(Checkpoints.of("a", 1).parameters());
      assertThat(data.runs().evaluations("a").get(0).metrics()).isEqualTo(Map.of("loss", 0.25));
      data.runs().commit(Checkpoints.of("a", 2));
    }
    assertThat(Files.exists(folder.resolve("schema-1.zip")))
        .as("what cannot be undone is copied first")
        .isEqualTo(url.embedded());
  }
}
