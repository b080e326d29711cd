package io.speedwell.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardsTest {
  private static final int ROWS = 1_797;

  @ParameterizedTest
  @CsvSource({"2,1", "10,1", "10,2", "10,3", "64,1", "64,9"})
  void givesEachRowToOnePartyOnly(int devices, long seed) {
    Shards shards = Shards.split(rows(), devices, seed);
    assertThat(shards.heldOut()).hasSize(359);
    assertThat(shards.devices()).hasSize(devices);
    List<String> all = new ArrayList<>();
    shards.heldOut().forEach(row -> all.add(row.line()));
    shards.devices().forEach(shard -> shard.forEach(row -> all.add(row.line())));
    assertThat(all).hasSize(ROWS).doesNotHaveDuplicates();
    assertThat(shards.devices())
        .allSatisfy(s -> assertThat(s.size()).isGreaterThanOrEqualTo(Shards.LEAST_ROWS));
  }

  @Test
  void isTheSameForTheSameSeedAndAnotherForAnother() {
    assertThat(Shards.split(rows(), 10, 5)).isEqualTo(Shards.split(rows(), 10, 5));
    assertThat(Shards.split(rows(), 10, 5)).isNotEqualTo(Shards.split(rows(), 10, 6));
  }

  @Test
  void isUnequalAndSkewed() {
    Shards shards = Shards.split(rows(), 10, 1);
    List<Integer> sizes = shards.devices().stream().map(List::size).sorted().toList();
    assertThat(sizes.get(9)).as("the largest shard").isGreaterThan(2 * sizes.get(0));
    int missing = 0;
    for (List<Digits.Row> shard : shards.devices()) {
      Set<Integer> labels = new HashSet<>();
      shard.forEach(row -> labels.add(row.label()));
      missing += Digits.CLASSES - labels.size();
    }
    assertThat(missing).as("classes that devices have never seen").isGreaterThan(5);
  }

  @Test
  void writesOneFilePerDevice(@TempDir Path folder) throws Exception {
    Shards shards = Shards.split(rows(), 3, 1);
    List<Path> files = shards.write(folder.resolve("shards"));
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("device-01.csv", "device-02.csv", "device-03.csv");
    assertThat(Files.readAllLines(files.get(2)))
        .isEqualTo(shards.devices().get(2).stream().map(Digits.Row::line).toList());
  }

  private static List<Digits.Row> rows() {
    List<Digits.Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(new Digits.Row("row " + i, i % Digits.CLASSES));
    }
    return rows;
  }
}
