package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups of a folder that is in use, and folders made of them, from any database to any other. */
class BackupTest {
  @TempDir Path folder;

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static StoreSettings keepAll(DatabaseUrl url) {
    return new StoreSettings(url, Retention.ALL);
  }

  private static void fill(RunStore runs) throws StoreException {
    for (int round = 0; round <= 4; round++) {
      runs.commit(Checkpoints.of("a", round));
      runs.record("a", new Evaluation(round, 2, 1L << 40, Map.of("loss", 1.0 / 3, "x", 1e-300)));
    }
    runs.rollBack("a", 2);
    runs.commit(Checkpoints.of("a", 3, 1_000_001));
    runs.commit(Checkpoints.of("b", 0));
  }

  @ParameterizedTest
  @CsvSource({"H2,H2", "H2,POSTGRESQL", "POSTGRESQL,H2", "POSTGRESQL,POSTGRESQL"})
  void everythingIsThereAgain(TestDatabase from, TestDatabase to) throws Exception {
    StoreSettings target = keepAll(to.fresh());
    try (DataFolder data = DataFolder.open(at("data"), keepAll(from.fresh()))) {
      fill(data.runs());
      Backup.Made made = data.backup().make(at("backup"));
      assertThat(made.checkpoints()).isEqualTo(6);
      data.runs().commit(Checkpoints.of("b", 1));
      assertThat(Restore.make(at("backup"), at("again"), target.database())).isEqualTo(6);
      try (DataFolder again = DataFolder.open(at("again"), target)) {
        assertThat(again.runs().history("a")).isEqualTo(data.runs().history("a"));
        assertThat(again.runs().evaluations("a")).isEqualTo(data.runs().evaluations("a"));
        assertThat(again.runs().latest("a").orElseThrow().parameters())
            .isEqualTo(data.runs().latest("a").orElseThrow().parameters());
        assertThat(again.runs().rounds("b")).as("as it was at that moment").hasSize(1);
        again.runs().commit(Checkpoints.of("a", 4, 1_000_002));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aBackupOfABusyFolderIsOfOneMoment(TestDatabase database) throws Exception {
    StoreSettings settings = new StoreSettings(database.fresh(), Retention.parse("last=2"));
    ExecutorService store = Executors.newSingleThreadExecutor();
    try (DataFolder data = DataFolder.open(at("data"), settings)) {
      CountDownLatch begun = new CountDownLatch(5);
      Future<?> busy =
          store.submit(
              () -> {
                for (int round = 0; !Thread.interrupted() && round < 100_000; round++) {
                  data.runs().commit(Checkpoints.of("a", round));
                  data.runs().tidy("a");
                  begun.countDown();
                }
                return null;
              });
      begun.await();
      for (int i = 0; i < 3; i++) {
        data.backup().make(at("backup" + i));
      }
      assertThat(busy.isDone()).as("it went on meanwhile").isFalse();
      store.shutdownNow();
      assertThat(store.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    int before = 0;
    for (int i = 0; i < 3; i++) {
      Restore.make(at("backup" + i), at("again" + i), DatabaseUrl.EMBEDDED);
      try (DataFolder again = DataFolder.open(at("again" + i))) {
        int newest = again.runs().latest("a").orElseThrow().round();
        assertThat(newest).isGreaterThanOrEqualTo(before);
        assertThat(again.runs().rounds("a")).hasSize(newest + 1);
        before = newest;
        assertThat(lastCounted(at("backup" + i))).as("tables of one moment").isEqualTo(newest);
      }
    }
  }

  @Test
  void aDamagedOrUnfinishedBackupMakesNothing() throws Exception {
    Path backup = at("backup");
    try (DataFolder data = DataFolder.open(at("data"))) {
      fill(data.runs());
      data.backup().make(backup);
    }
    for (Path file : files(backup)) {
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.length == 0 ? new byte[1] : good.clone();
      bad[bad.length / 2] ^= 1;
      Files.write(file, bad);
      assertThatThrownBy(() -> Restore.make(backup, at("again"), DatabaseUrl.EMBEDDED))
          .as(file.toString())
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("backup " + backup);
      Files.delete(file);
      assertThatThrownBy(() -> Restore.make(backup, at("again"), DatabaseUrl.EMBEDDED))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("it is missing");
      Files.write(file, good);
    }
    assertThat(at("again")).doesNotExist();
    Restore.make(backup, at("again"), DatabaseUrl.EMBEDDED);
  }

  @Test
  void nothingIsWrittenOver() throws Exception {
    try (DataFolder data = DataFolder.open(at("data"))) {
      fill(data.runs());
      Files.createDirectories(at("used").resolve("x"));
      assertThatThrownBy(() -> data.backup().make(at("used"))).hasMessageContaining("not empty");
      data.backup().make(at("backup"));
    }
    assertThatThrownBy(() -> Restore.make(at("backup"), at("data"), DatabaseUrl.EMBEDDED))
        .hasMessageContaining("not empty");
    DatabaseUrl postgres = TestDatabase.POSTGRESQL.fresh();
    Restore.make(at("backup"), at("first"), postgres);
    assertThatThrownBy(() -> Restore.make(at("backup"), at("second"), postgres))
        .hasMessageContaining("it holds runs already");
    assertThat(files(at("second"))).isEmpty();
    DataFolder.open(at("first"), keepAll(postgres)).close();
  }

  @Test
  void aDamagedCheckpointIsNotBackedUp() throws Exception {
    try (DataFolder data = DataFolder.open(at("data"))) {
      fill(data.runs());
      Path file = files(at("data").resolve("checkpoints")).get(0);
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
      assertThatThrownBy(() -> data.backup().make(at("backup"))).hasMessageContaining("is damaged");
      assertThat(at("backup").resolve("backup.json")).doesNotExist();
    }
  }

  private static int lastCounted(Path backup) throws IOException {
    ObjectMapper json = new ObjectMapper();
    int last = 0;
    for (String line : Files.readAllLines(backup.resolve("rows/counted_update.jsonl"))) {
      last = Math.max(last, json.readTree(line).get("number").asInt());
    }
    return last;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
