package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.speedwell.run.RoundSummary;
import io.speedwell.run.plan.Plan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whole rounds of the production session, round and run over virtual links. */
class RoundsTest {

  @Test
  void tenDevicesLearnForThreeRounds() {
    World world = World.of(new World.Rules()).withTen();
    world.runToEnd();
    assertThat(world.ended).isEqualTo("all 3 rounds are done");
    assertThat(world.committed).hasSize(3);
    RoundSummary last = world.committed.get(2).summary();
    assertThat(last.devices()).isEqualTo(10);
    assertThat(last.examples()).isEqualTo(145);
    assertThat(last.lossBefore()).isEqualTo(2);
    assertThat(last.lossAfter()).isEqualTo(1);
    assertThat(world.devices.values()).allMatch(d -> d.committed == 3 && d.accepted == 3);
    assertThat(world.budget.free()).isEqualTo(world.rules.budget);
  }

  @Test
  void theModelIsTheWeightedMeanOfTheUpdates() {
    World.Rules rules = new World.Rules();
    rules.count = 1;
    World world = World.of(rules).withTen();
    world.runToEnd();
    float[] model = world.model().values();
    for (int i = 0; i < model.length; i++) {
      double sum = 0;
      for (TestDevice device : world.devices.values()) {
        sum += (double) device.examples * device.updates.get(1)[i];
      }
      assertThat((double) model[i]).isCloseTo(sum / 145, within(1e-6));
    }
  }

  @Test
  void aKilledDeviceDelaysTheRoundByItsGraceOnly() {
    World world = World.of(new World.Rules()).withTen();
    world.start();
    world.untilCommitted(1);
    world.scheduler.runTo(world.scheduler.nowMs() + 50);
    world.links.get("d3").kill();
    long killed = world.scheduler.nowMs();
    world.untilCommitted(2);
    assertThat(world.committed.get(1).summary().devices()).isEqualTo(9);
    assertThat(world.committed.get(1).summary().lost()).isEqualTo(1);
    assertThat(world.scheduler.nowMs() - killed).isLessThan(3_200);
    world.finish();
    assertThat(world.committed.get(2).summary().devices()).isEqualTo(9);
  }

  @Test
  void aLostDeviceIsReplacedAtOnceWhenAnotherIsThere() {
    World.Rules rules = new World.Rules();
    rules.goal = 5;
    rules.count = 1;
    rules.devices = 10;
    World world = World.of(rules).withTen();
    world.start();
    world.scheduler.runUntil(() -> !world.events.isEmpty(), 60_000);
    world.scheduler.runTo(world.scheduler.nowMs() + 20);
    TestDevice chosen =
        world.devices.values().stream()
            .filter(d -> d.heard.stream().anyMatch(m -> m.hasTask()))
            .findFirst()
            .orElseThrow();
    world.links.get(chosen.id).kill();
    long killed = world.scheduler.nowMs();
    world.finish();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(5);
    assertThat(world.endedAt - killed).isLessThan(300);
  }

  @Test
  void wrapUpComesBeforeTheDeadlineAndPartialWorkCounts() {
    World.Rules rules = new World.Rules();
    rules.count = 1;
    World world = World.of(rules).withTen();
    world.devices.get("d0").trainMs = 1_000_000;
    world.devices.get("d1").trainMs = 1_000_000;
    world.runToEnd();
    RoundSummary summary = world.committed.get(0).summary();
    assertThat(summary.devices()).isEqualTo(10);
    assertThat(summary.partial()).isEqualTo(2);
    assertThat(summary.examples()).as("weight of partial work is what is held").isEqualTo(145);
    assertThat(summary.phases().collecting()).isBetween(49_000L, 51_000L);
  }

  @Test
  void aDeviceThatMissesTheDeadlineIsCancelledAndHarmsNobody() {
    World.Rules rules = new World.Rules();
    rules.count = 2;
    World world = World.of(rules).withTen();
    world.devices.get("d0").trainMs = 1_000_000;
    world.devices.get("d0").ignoresWrapUp = true;
    world.runToEnd();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(9);
    assertThat(world.committed.get(0).summary().phases().total()).isBetween(60_000L, 61_000L);
    assertThat(world.devices.get("d0").cancelled).isEqualTo(2);
    assertThat(world.budget.free()).isEqualTo(world.rules.budget);
  }

  @Test
  void belowTheMinimumTheRoundIsAbandonedAndTriedAgainFromTheSameModel() {
    World.Rules rules = new World.Rules();
    rules.count = 1;
    rules.goal = 4;
    rules.minimum = 4;
    World world = World.of(rules);
    for (int i = 0; i < 4; i++) {
      world.device("d" + i);
    }
    world.devices.get("d0").ignoresWrapUp = true;
    world.devices.get("d0").trainMs = 1_000_000;
    world.start();
    world.scheduler.runUntil(
        () -> world.events.stream().anyMatch(e -> e.startsWith("abandoned")), 100_000);
    assertThat(world.events).contains("abandoned 1/1: 3 of at least 4 results came in time");
    float[] first = world.devices.get("d1").updates.get(1);
    world.devices.get("d0").trainMs = 100;
    world.finish();
    assertThat(world.committed.get(0).summary().attempt()).isEqualTo(2);
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(4);
    assertThat(world.devices.get("d1").updates.get(1)).as("same base, same seed").isEqualTo(first);
    assertThat(world.devices.get("d1").lastUpdateId).isEqualTo(2);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
  }

  @Test
  void moreDevicesAreAskedThanNeededAndTheSlowAreSentHome() {
    World.Rules rules = new World.Rules();
    rules.goal = 8;
    rules.overSelection = 2;
    rules.count = 1;
    World world = World.of(rules).withTen();
    world.devices.get("d4").trainMs = 5_000;
    world.devices.get("d5").trainMs = 5_000;
    world.runToEnd();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(8);
    assertThat(world.endedAt).isLessThan(4_000);
    assertThat(world.devices.get("d4").cancelled).isEqualTo(1);
    assertThat(world.devices.get("d5").cancelled).isEqualTo(1);
  }

  @Test
  void anEvaluatorMeasuresEachModelAndNeverTrains() {
    World.Rules rules = new World.Rules();
    rules.evaluator = Optional.of("held");
    World world = World.of(rules).withTen();
    TestDevice evaluator = world.device("held");
    world.runToEnd();
    assertThat(world.evaluations).hasSize(3);
    assertThat(world.evaluations.get(2).metrics()).containsEntry("accuracy", 0.5);
    assertThat(evaluator.updates).isEmpty();
    assertThat(world.committed.get(0).summary().devices()).isEqualTo(10);
    assertThat(world.budget.free()).isEqualTo(rules.budget);
  }

  @Test
  void aRunEndsAtItsTarget() {
    World.Rules rules = new World.Rules();
    rules.count = 100;
    rules.evaluator = Optional.of("held");
    rules.target = Optional.of(new Plan.Target("accuracy", 0.9, true));
    World world = World.of(rules).withTen();
    TestDevice evaluator = world.device("held");
    world.start();
    world.untilCommitted(2);
    evaluator.accuracy = 0.95f;
    world.finish();
    assertThat(world.ended).startsWith("the target is reached: accuracy");
    assertThat(world.committed).hasSizeLessThan(5);
  }

  @Test
  void aRunEndsWhenItsTimeIsOver() {
    World.Rules rules = new World.Rules();
    rules.count = 1_000_000;
    rules.timeMs = 60_000;
    World world = World.of(rules).withTen();
    world.runToEnd();
    assertThat(world.ended).isEqualTo("its time of 60000 ms is over");
    assertThat(world.endedAt).isBetween(60_000L, 61_000L);
  }

  @Test
  void aRunThatWaitsForDevicesEndsWhenItsTimeIsOver() {
    World.Rules rules = new World.Rules();
    rules.timeMs = 60_000;
    World world = World.of(rules);
    world.device("alone");
    world.runToEnd();
    assertThat(world.ended).isEqualTo("its time of 60000 ms is over");
    assertThat(world.endedAt).isEqualTo(60_000);
  }

  @Test
  void aRunWhoseEvaluatorIsGoneSaysSoOnceAndGoesOn() {
    World.Rules rules = new World.Rules();
    rules.evaluator = Optional.of("held");
    rules.count = 4;
    World world = World.of(rules).withTen();
    world.device("held").trainMs = 2_000;
    world.start();
    world.untilCommitted(2);
    world.scheduler.runTo(world.scheduler.nowMs() + 500);
    world.links.get("held").kill();
    world.finish();
    assertThat(world.evaluations).hasSize(1);
    assertThat(world.events.stream().filter(e -> e.startsWith("evaluator gone")))
        .isEqualTo(List.of("evaluator gone at 2"));
    assertThat(world.committed).hasSize(4);
  }

  @Test
  void anEvaluatorThatWasAwayForAMomentIsWaitedFor() {
    World.Rules rules = new World.Rules();
    rules.evaluator = Optional.of("held");
    World world = World.of(rules).withTen();
    world.device("held");
    world.start();
    world.scheduler.runUntil(() -> world.devices.get("d0").accepted == 1, 60_000);
    world.links.get("held").cut();
    world.finish();
    assertThat(world.evaluations).hasSize(3);
    assertThat(world.events).noneMatch(e -> e.startsWith("evaluator gone"));
  }

  @Test
  void aFleetSmallerThanPlannedBeginsWhenItWasWaitedForLongEnough() {
    World.Rules rules = new World.Rules();
    rules.devices = 12;
    rules.count = 2;
    World world = World.of(rules).withTen();
    world.runToEnd();
    assertThat(world.committed.get(0).summary().phases().selecting()).isEqualTo(30_000);
    assertThat(world.committed.get(1).summary().phases().selecting()).isZero();
  }
}
