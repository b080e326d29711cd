package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that break, and what goes on where it was. */
class ResumeTest {

  private static World.Rules big() {
    World.Rules rules = new World.Rules();
    rules.features = 1_000; // 16,016 bytes each way
    rules.count = 2;
    return rules;
  }

  @Test
  void aDownloadGoesOnAtTheOffsetHeld() {
    World world = World.of(big());
    for (int i = 0; i < 9; i++) {
      world.device("d" + i);
    }
    TestDevice cut = world.device("d9", new LinkRules(1, 1, 0, 0, 8_000, 1));
    world.runToEnd();
    assertThat(cut.connections).isEqualTo(2);
    assertThat(cut.resumedDownloadAt).isGreaterThan(4_000);
    assertThat(world.committed).allMatch(c -> c.summary().devices() == 10);
  }

  @Test
  void anUploadGoesOnAtTheOffsetTheServerHolds() {
    World world = World.of(big());
    for (int i = 0; i < 9; i++) {
      world.device("d" + i);
    }
    TestDevice cut = world.device("d9", new LinkRules(1, 1, 300, 8_000, 0, 1));
    world.runToEnd();
    assertThat(cut.connections).isEqualTo(2);
    assertThat(cut.resumedUploadAt).isGreaterThan(3_000);
    assertThat(cut.lastUpdateId).as("it did not train again").isEqualTo(2);
    assertThat(world.committed).allMatch(c -> c.summary().devices() == 10);
    assertThat(world.budget.free()).isEqualTo(world.rules.budget);
  }

  @Test
  void aDeviceLostAfterAcceptedIsToldAgainAndCountsOnce() {
    World.Rules rules = big();
    rules.count = 1;
    rules.goal = 2;
    rules.minimum = 2;
    World world = World.of(rules);
    TestDevice first = world.device("a");
    world.device("b").trainMs = 10_000;
    world.start();
    world.scheduler.runUntil(() -> first.accepted == 1, 40_000);
    world.links.get("a").cut();
    world.finish();
    assertThat(first.accepted).isEqualTo(2);
    assertThat(first.committed).isEqualTo(1);
    assertThat(first.lastUpdateId).isEqualTo(1);
    assertThat(world.links.get("a").bytesToServer()).as("one upload").isBetween(16_016L, 20_000L);
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(2);
  }

  @Test
  void aDeviceThatRebootedTrainsAgainAndItsNewResultCounts() {
    World world = World.of(big());
    for (int i = 0; i < 9; i++) {
      world.device("d" + i);
    }
    TestDevice rebooted = world.device("d9", new LinkRules(1, 1, 300, 0, 0, 1));
    rebooted.trainMs = 500;
    world.start();
    world.scheduler.runUntil(() -> world.links.get("d9").bytesToServer() > 8_000, 60_000);
    rebooted.reboot();
    world.links.get("d9").cut();
    world.finish();
    assertThat(world.committed).allMatch(c -> c.summary().devices() == 10);
    assertThat(rebooted.lastUpdateId).isEqualTo(3);
    assertThat(rebooted.resumedUploadAt).isEqualTo(-1);
    assertThat(world.budget.free()).isEqualTo(world.rules.budget);
  }

  @Test
  void anUploadKeptForADeviceThatDoesNotComeBackIsGivenUp() {
    World.Rules rules = big();
    rules.count = 1;
    rules.partialHoldMs = 1_000;
    World world = World.of(rules);
    for (int i = 0; i < 9; i++) {
      world.device("d" + i).trainMs = 30_000;
    }
    world.device("d9", new LinkRules(1, 1, 300, 0, 0, 1));
    world.start();
    world.scheduler.runUntil(() -> world.links.get("d9").bytesToServer() > 8_000, 60_000);
    world.links.get("d9").kill();
    world.scheduler.runTo(world.scheduler.nowMs() + 500);
    assertThat(world.budget.free()).isEqualTo(rules.budget - 16_016);
    world.scheduler.runTo(world.scheduler.nowMs() + 600);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
    world.finish();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void afterAnyChaosTheBudgetIsWholeAndTheModelTheSame(long seed) {
    World.Rules rules = big();
    rules.budget = 40_000; // two updates at a time
    World calm = World.of(rules).withTen();
    calm.runToEnd();
    World wild = World.of(rules);
    for (int i = 0; i < 10; i++) {
      long cutUp = 2_000 + seed * 977 % 14_000 + 500L * i;
      long cutDown = 3_000 + seed * 1_631 % 14_000 + 700L * i;
      TestDevice device =
          wild.device("d" + i, new LinkRules(1 + i % 3, 1, 1 + 97 * i, cutUp, cutDown, seed + i));
      device.examples = 10 + i;
      device.frameLimit = i < 3 ? 256 : 4_096;
    }
    wild.runToEnd();
    assertThat(wild.committed).allMatch(c -> c.summary().devices() == 10);
    assertThat(wild.model()).isEqualTo(calm.model());
    assertThat(wild.budget.free()).isEqualTo(rules.budget);
    assertThat(wild.budget.waiting()).isZero();
  }
}
