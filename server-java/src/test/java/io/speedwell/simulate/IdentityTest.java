package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.protocol.ByeReason;
import org.junit.jupiter.api.Test;

/** Two connections with one device id. */
class IdentityTest {

  private static long byes(TestDevice device, ByeReason reason) {
    return device.heard.stream()
        .filter(m -> m.hasBye() && m.getBye().getReason() == reason.getNumber())
        .count();
  }

  @Test
  void twoLivingDevicesWithOneIdNeverEvictEachOther() {
    World world = World.of(new World.Rules());
    TestDevice first = world.device("twin");
    world.scheduler.runTo(100);
    TestDevice second = new TestDevice("twin");
    VirtualLink link = world.gateway.attach("second", second, LinkRules.PLAIN);
    world.scheduler.runTo(120_000);
    assertThat(first.connections).isEqualTo(1);
    assertThat(byes(second, ByeReason.BYE_DUPLICATE_ID)).isGreaterThan(3);
    assertThat(second.connections).as("it waits as it was told").isLessThan(14);
    world.links.get("twin").kill();
    world.scheduler.runTo(140_000);
    assertThat(second.heard).anyMatch(m -> m.hasWelcome());
    assertThat(link.bytesToDevice()).isPositive();
  }

  @Test
  void aNewcomerTakesThePlaceOfAnOldConnectionThatIsDead() {
    World world = World.of(new World.Rules());
    TestDevice first = world.device("twin");
    world.scheduler.runTo(100);
    first.mute = true; // its link is up, nobody is there
    TestDevice second = new TestDevice("twin");
    world.gateway.attach("second", second, LinkRules.PLAIN);
    world.scheduler.runTo(30_000);
    assertThat(second.heard).anyMatch(m -> m.hasWelcome());
    assertThat(world.events).contains("twin left: BYE_SILENT: nothing was heard for too long");
  }

  @Test
  void theSameDeviceOnANewConnectionReplacesItsOldOneAndGoesOn() {
    World.Rules rules = new World.Rules();
    rules.goal = 1;
    rules.minimum = 1;
    rules.count = 1;
    World world = World.of(rules);
    TestDevice device = world.device("d");
    device.trainMs = 5_000;
    world.start();
    world.scheduler.runUntil(() -> device.heard.stream().anyMatch(m -> m.hasTask()), 60_000);
    world.scheduler.runTo(world.scheduler.nowMs() + 10);
    VirtualLink moved = new VirtualLink("d again", device, LinkRules.PLAIN, world.gateway);
    device.cut(); // the server does not see it
    world.links.get("d").abandon();
    world.scheduler.execute(moved::turn);
    world.finish();
    assertThat(device.connections).isEqualTo(2);
    assertThat(device.lastUpdateId).isEqualTo(1);
    assertThat(device.committed).isEqualTo(1);
    assertThat(world.events).contains("d left: BYE_REPLACED");
  }
}
