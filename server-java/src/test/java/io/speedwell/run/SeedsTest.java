package io.speedwell.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {

  @Test
  void aTaskKeepsItsSeedForEver() {
    // computed apart from this code; a server that was updated must go on with its runs
    assertThat(Long.toHexString(Seeds.task(1, 1, 1, "d0"))).isEqualTo("2ee8b2e7db6668f8");
    assertThat(Integer.toHexString(Seeds.taskNumber(1, 1, 1, "d0"))).isEqualTo("68099fdc");
    assertThat(Long.toHexString(Seeds.selection(1, 1, 1, 0))).isEqualTo("370d64721cf8f9c7");
  }

  @Test
  void seedsDifferInEverythingTheyAreMadeOf() {
    Set<Long> seeds = new HashSet<>();
    for (long run = 0; run < 5; run++) {
      for (int kind = 1; kind < 3; kind++) {
        for (int round = 1; round < 20; round++) {
          for (String device : new String[] {"a", "b", "aa", "ab", "ba", "device-1", "device-10"}) {
            seeds.add(Seeds.task(run, kind, round, device));
          }
        }
      }
    }
    assertThat(seeds).hasSize(5 * 2 * 19 * 7);
  }
}
