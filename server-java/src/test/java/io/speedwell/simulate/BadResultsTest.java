package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.RejectReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results that must not count: each ends in a clear reason, and the others' round goes on. */
class BadResultsTest {

  @ParameterizedTest
  @CsvSource({
    "NAN, CANCEL_NON_FINITE, a number is NaN or infinite",
    "INFINITE, CANCEL_NON_FINITE, a number is NaN or infinite",
    "RANGE, CANCEL_RANGE, a value is out of the run's range",
    "CHECKSUM, CANCEL_CHECKSUM, a checksum does not match",
    "LENGTH, CANCEL_LENGTH, a blob has the wrong length",
    "NO_EXAMPLES, CANCEL_EXAMPLES, its number of examples is not allowed",
  })
  void anUnfitUpdateIsRefusedWithItsReason(
      TestDevice.Fault fault, CancelReason reason, String words) {
    World.Rules rules = new World.Rules();
    rules.count = 2;
    World world = World.of(rules).withTen();
    TestDevice bad = world.devices.get("d3");
    bad.fault = fault;
    world.runToEnd();
    assertThat(world.committed.get(1).summary().devices()).isEqualTo(9);
    assertThat(world.committed.get(1).summary().refused()).isEqualTo(1);
    assertThat(world.events).contains("d3 refused: its result was refused: " + words);
    assertThat(bad.heard)
        .filteredOn(m -> m.hasCancel())
        .allMatch(m -> m.getCancel().getReason() == reason.getNumber())
        .hasSize(2);
    assertThat(bad.accepted).isZero();
    assertThat(bad.connections).as("the connection goes on").isEqualTo(1);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
  }

  @Test
  void aResultOnAForeignHandleIsRejectedAndNotCounted() {
    World.Rules rules = new World.Rules();
    rules.count = 1;
    rules.deadlineMs = 5_000;
    rules.wrapUpMs = 1_000;
    World world = World.of(rules).withTen();
    TestDevice bad = world.devices.get("d3");
    bad.fault = TestDevice.Fault.FOREIGN_HANDLE;
    world.runToEnd();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(9);
    assertThat(bad.heard)
        .anyMatch(
            m ->
                m.hasReject()
                    && m.getReject().getReason() == RejectReason.REJECT_UNKNOWN_HANDLE_VALUE);
  }

  @Test
  void aResultSentAgainIsAcceptedAgainAndCountsOnce() {
    World.Rules rules = new World.Rules();
    rules.count = 1;
    rules.goal = 2;
    rules.minimum = 2;
    World world = World.of(rules);
    world.device("a").repeatsResult = true;
    world.device("b").trainMs = 5_000;
    world.runToEnd();
    assertThat(world.devices.get("a").accepted).isEqualTo(2);
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(2);
    assertThat(world.committed.get(0).summary().examples()).isEqualTo(20);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
  }

  @Test
  void aResultForARoundThatIsOverIsCancelled() {
    World.Rules rules = new World.Rules();
    rules.goal = 4;
    rules.overSelection = 1;
    rules.minimum = 4;
    rules.count = 1;
    World world = World.of(rules);
    for (int i = 0; i < 5; i++) {
      world.device("d" + i);
    }
    TestDevice late = world.devices.get("d4");
    late.trainMs = 101; // its result and the cancel cross
    world.runToEnd();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(4);
    assertThat(late.accepted).isZero();
    assertThat(late.heard)
        .anyMatch(
            m ->
                m.hasCancel() && m.getCancel().getReason() == CancelReason.CANCEL_ROUND_OVER_VALUE);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
  }

  @Test
  void aResultThatCrossesTheEndOfItsRoundIsReleasedAndNotCounted() {
    World.Rules rules = new World.Rules();
    rules.goal = 4;
    rules.overSelection = 1;
    rules.minimum = 4;
    rules.count = 1;
    World world = World.of(rules);
    for (int i = 0; i < 5; i++) {
      world.device("d" + i); // all results come at once
    }
    world.runToEnd();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(4);
    assertThat(world.devices.values()).allMatch(d -> d.accepted == 1);
    assertThat(world.devices.values()).filteredOn(d -> d.committed == 1).hasSize(4);
    assertThat(world.devices.values()).filteredOn(d -> d.cancelled == 1).hasSize(1);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
  }

  @Test
  void aDeviceThatRefusesTheRunIsNotAskedAgain() {
    World world = World.of(new World.Rules()).withTen();
    TestDevice bad = world.devices.get("d3");
    bad.refuseRunWith = 6;
    world.runToEnd();
    assertThat(world.committed.get(2).summary().devices()).isEqualTo(9);
    assertThat(bad.heard).filteredOn(m -> m.hasRunOffer()).hasSize(1);
    assertThat(world.events)
        .contains("d3 refused: its model has another layout, first different tensor");
  }

  @Test
  void aDeviceThatSaysNotNowIsAskedAgainNextRound() {
    World world = World.of(new World.Rules()).withTen();
    world.devices.get("d3").refuseTaskWith = 9;
    world.start();
    world.untilCommitted(1);
    world.devices.get("d3").refuseTaskWith = -1;
    world.finish();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(9);
    assertThat(world.committed.get(2).summary().devices()).isEqualTo(10);
  }

  @Test
  void anUploadThatStallsLosesItsMemoryAndOthersGetIt() {
    World.Rules rules = new World.Rules();
    rules.features = 1_000;
    rules.count = 1;
    rules.budget = 20_000; // one update of 16,016 bytes
    World world = World.of(rules).withTen();
    world.devices.get("d0").fault = TestDevice.Fault.STALLS;
    world.devices.get("d0").trainMs = 1;
    world.runToEnd();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(9);
    assertThat(world.events).contains("d0 left: BYE_SILENT: the upload came too slowly");
    world.links.get("d0").kill();
    world.scheduler.runTo(world.scheduler.nowMs() + 60_000);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
    assertThat(world.budget.waiting()).isZero();
  }
}
