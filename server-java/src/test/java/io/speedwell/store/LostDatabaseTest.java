package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.run.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL server that crashes and comes back. */
class LostDatabaseTest {
  @TempDir Path folder;

  @Test
  void whatFailsIsDoneOnceTheServerIsBackAndNothingIsLost() throws Exception {
    try (PostgresServer postgres = PostgresServer.start()) {
      StoreSettings settings =
          new StoreSettings(TestDatabase.url(postgres.newDatabase()), Retention.ALL);
      Path copy = folder.resolve("copy");
      try (DataFolder data = DataFolder.open(folder.resolve("data"), settings)) {
        for (int round = 0; round < 2; round++) {
          data.runs().commit(Checkpoints.of("a", round));
          postgres.kill();
          int next = round + 1;
          assertThatThrownBy(() -> data.runs().commit(Checkpoints.of("a", next)))
              .isInstanceOf(StoreException.class)
              .hasMessageStartingWith("database");
          postgres.run();
          assertThat(data.runs().rounds("a")).hasSize(round + 1);
        }
        data.runs().commit(Checkpoints.of("a", 2));
        assertThat(data.runs().latest("a").orElseThrow().parameters())
            .isEqualTo(Checkpoints.of("a", 2).parameters());
        Files.createDirectory(copy);
        Files.copy(folder.resolve("data").resolve("folder"), copy.resolve("folder"));
        assertThatThrownBy(() -> DataFolder.open(copy, settings))
            .as("the lock was taken again")
            .hasMessageContaining("another Speedwell server uses it");
      }
    }
  }

  @Test
  void commitsWaitForTheDiskWhateverTheServersDefaultIs() throws Exception {
    String jdbc = TestDatabase.POSTGRESQL.fresh().jdbc();
    try (Connection connection = DriverManager.getConnection(jdbc);
        var statement = connection.createStatement()) {
      statement.execute("ALTER ROLE speedwell SET synchronous_commit TO off");
    }
    try (Database database = Database.open(new PostgresEngine(TestDatabase.url(jdbc)))) {
      String found =
          database.read(
              "asking",
              handle -> handle.createQuery("SHOW synchronous_commit").mapTo(String.class).one());
      assertThat(found).isEqualTo("on");
    }
  }
}
