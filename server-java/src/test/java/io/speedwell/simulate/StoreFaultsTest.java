package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.RoundSummary;
import io.speedwell.store.DataFolder;
import io.speedwell.store.SmallDisk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose data folder fails under them. */
class StoreFaultsTest {
  @TempDir Path folder;

  @Test
  void aFullDiskPausesTheRunAndSpaceLetsItGoOnToTheSameModel() throws Exception {
    World undisturbed = World.of(new World.Rules()).withTen();
    undisturbed.runToEnd();
    try (SmallDisk disk = SmallDisk.mount(folder, 2048);
        DataFolder data = DataFolder.open(disk.folder().resolve("data"))) {
      World world = new World(new World.Rules(), data.runs()).withTen();
      world.start();
      world.untilCommitted(1);
      disk.fill(0);
      world.scheduler.runTo(world.scheduler.nowMs() + 10_000);
      assertThat(world.events).contains("store failed, 1000", "store failed, 2000");
      assertThat(world.committed).hasSize(1);
      assertThat(world.devices.values())
          .as("nobody hears committed")
          .allMatch(d -> d.committed == 1);
      disk.relieve();
      world.finish();
      assertThat(world.events).contains("store recovered");
      assertThat(world.model()).isEqualTo(undisturbed.model());
      assertThat(data.runs().rounds(World.RUN))
          .extracting(RoundSummary::round)
          .containsExactly(0, 1, 2, 3);
    }
  }

  @Test
  void aRunThatWasRolledBackGoesOnUnderNewAttempts() throws Exception {
    try (DataFolder data = DataFolder.open(folder)) {
      World before = new World(new World.Rules(), data.runs()).withTen();
      before.runToEnd();
      data.runs().rollBack(World.RUN, 1);
      World after = new World(new World.Rules(), data.runs()).withTen();
      after.runToEnd();
      assertThat(after.committed).extracting(Checkpoint::round).containsExactly(2, 3);
      List<Integer> attempts =
          after.committed.stream().map(checkpoint -> checkpoint.summary().attempt()).toList();
      assertThat(attempts).containsExactly(1_000_001, 1_000_001);
      assertThat(data.runs().history(World.RUN)).hasSize(6);
      assertThat(data.runs().rounds(World.RUN)).hasSize(4);
    }
  }
}
