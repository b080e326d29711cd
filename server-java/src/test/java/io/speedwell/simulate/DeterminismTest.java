package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.model.Parameters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is the same twice, and what does not matter. */
class DeterminismTest {

  private static World wild(long seed) {
    World world = World.of(new World.Rules());
    for (int i = 0; i < 10; i++) {
      world.device("d" + i, new LinkRules(2, 1, 50 + i, 400 + 10 * i, 0, seed + i)).examples =
          10 + i;
    }
    world.runToEnd();
    return world;
  }

  @Test
  void theSameSeedGivesTheSameFrameLogAndModel() {
    World one = wild(5);
    World two = wild(5);
    assertThat(one.gateway.log().lines()).isNotEmpty().isEqualTo(two.gateway.log().lines());
    assertThat(one.model()).isEqualTo(two.model());
  }

  @Test
  void anotherOrderOfArrivalGivesTheSameModel() {
    Parameters expected = null;
    for (int order = 0; order < 20; order++) {
      World.Rules rules = new World.Rules();
      rules.goal = 6;
      rules.devices = 10;
      World world = World.of(rules);
      for (int i = 0; i < 10; i++) {
        int n = (i * 7 + order) % 10;
        TestDevice device = world.device("d" + n);
        device.examples = 10 + n;
        device.trainMs = 100 + (i * 37 + order * 61) % 50;
      }
      world.runToEnd();
      assertThat(world.committed).allMatch(c -> c.summary().devices() == 6);
      expected = expected == null ? world.model() : expected;
      assertThat(world.model()).as("order %d", order).isEqualTo(expected);
    }
  }

  @Test
  void anotherSeedGivesAnotherModel() {
    World.Rules other = new World.Rules();
    other.seed = 2;
    World one = World.of(new World.Rules()).withTen();
    World two = World.of(other).withTen();
    one.runToEnd();
    two.runToEnd();
    assertThat(one.model()).isNotEqualTo(two.model());
  }

  @Test
  void anHourOfWaitingCostsNoTimeAndAnIdleDeviceHardlyAnyByte() {
    World world = World.of(new World.Rules());
    world.device("idle");
    world.scheduler.runTo(60_000);
    VirtualLink link = world.links.get("idle");
    long before = link.bytesToServer() + link.bytesToDevice();
    world.scheduler.runTo(660_000);
    long tenMinutes = link.bytesToServer() + link.bytesToDevice() - before;
    assertThat(tenMinutes).isBetween(1L, 600L);
    world.scheduler.runTo(3_660_000);
    assertThat(world.devices.get("idle").connections).isEqualTo(1);
    assertThat(world.events).isEqualTo(List.of());
  }

  @Test
  void aSilentDeviceIsClosed() {
    World world = World.of(new World.Rules());
    TestDevice device = world.device("silent");
    world.scheduler.runTo(1_000);
    device.mute = true;
    world.scheduler.runTo(149_000);
    assertThat(world.events).isEmpty();
    world.scheduler.runTo(152_000);
    assertThat(world.events)
        .isEqualTo(List.of("silent left: BYE_SILENT: nothing was heard for too long"));
  }
}
