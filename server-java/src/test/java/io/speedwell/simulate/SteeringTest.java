package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunAnswer;
import io.speedwell.run.RunStatus;
import io.speedwell.run.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an operator does to a run under way. */
class SteeringTest {
  private final List<RunAnswer> answers = new ArrayList<>();

  @Test
  void aPauseLetsTheOpenRoundFinishAndResumeGoesOn() {
    World world = World.of(new World.Rules()).withTen();
    duringRound(world, 2);
    world.coordinator.pause(World.RUN, false, answers::add);
    assertThat(world.status(World.RUN).state()).isEqualTo(RunStatus.State.PAUSING);
    world.untilCommitted(2);
    world.scheduler.runTo(world.scheduler.nowMs() + 3_600_000);
    assertThat(world.committed).hasSize(2);
    assertThat(world.status(World.RUN).state()).isEqualTo(RunStatus.State.PAUSED);
    assertThat(world.events).contains("paused after 2");
    assertThat(world.devices.values()).allMatch(d -> d.committed == 2);

    world.coordinator.resume(World.RUN, answers::add);
    world.finish();
    assertThat(world.committed).hasSize(3);
    assertThat(world.events).contains("resumed after 2");
    assertThat(answers).hasSize(2).allMatch(a -> a instanceof RunAnswer.Done);
    assertThat(world.status(World.RUN).state()).isEqualTo(RunStatus.State.ENDED);
  }

  @Test
  void aRunThatWasPausedBeforeARestartRestsUntilItIsResumed() {
    MemoryStore store = new MemoryStore();
    World before = new World(new World.Rules(), store).withTen();
    duringRound(before, 2);
    World after = new World(new World.Rules(), store).withTen();
    after.coordinator.start(after.spec(World.RUN), Wish.PAUSE, answers::add);
    after.scheduler.runTo(3_600_000);
    assertThat(after.status(World.RUN).state()).isEqualTo(RunStatus.State.PAUSED);
    assertThat(after.events).contains("paused after 1");
    assertThat(after.committed).isEmpty();
    after.coordinator.resume(World.RUN, answers::add);
    after.finish();
    assertThat(after.committed).extracting(Checkpoint::round).containsExactly(2, 3);
    World straight = World.of(new World.Rules()).withTen();
    straight.runToEnd();
    assertThat(after.model().values()).isEqualTo(straight.model().values());
  }

  @Test
  void aRunThatWasStoppedBeforeARestartStaysSo() {
    World.Rules rules = new World.Rules();
    rules.evaluator = Optional.of("judge"); // who is not there: nobody waits for it
    World world = World.of(rules).withTen();
    world.coordinator.start(world.spec(World.RUN), Wish.STOP, answers::add);
    world.scheduler.runTo(10_000);
    assertThat(world.ended).isEqualTo("it was stopped");
    assertThat(world.committed).isEmpty();
    world.rules.evaluator = Optional.empty();
    world.ended = null;
    world.coordinator.start(world.spec(World.RUN), Wish.GO, answers::add);
    world.finish();
    assertThat(world.committed).hasSize(3);
  }

  @Test
  void aPausedRunLearnsTheSame() {
    World straight = World.of(new World.Rules()).withTen();
    straight.runToEnd();
    World paused = World.of(new World.Rules()).withTen();
    duringRound(paused, 2);
    paused.coordinator.pause(World.RUN, false, answers::add);
    paused.untilCommitted(2);
    paused.coordinator.resume(World.RUN, answers::add);
    paused.finish();
    assertThat(paused.model().values()).isEqualTo(straight.model().values());
  }

  @Test
  void aPauseNowAbandonsTheOpenRoundAndFreesItsDevices() {
    World world = World.of(new World.Rules()).withTen();
    duringRound(world, 2);
    world.coordinator.pause(World.RUN, true, answers::add);
    world.scheduler.runTo(world.scheduler.nowMs() + 5_000);
    assertThat(world.committed).hasSize(1);
    assertThat(world.events).contains("abandoned 2/1: the run is paused", "paused after 1");
    assertThat(world.budget.free()).isEqualTo(world.rules.budget);

    world.coordinator.resume(World.RUN, answers::add);
    world.finish();
    assertThat(world.committed).hasSize(3);
    assertThat(world.committed.get(1).summary().attempt()).isEqualTo(2);
    assertThat(world.committed.get(1).summary().devices()).isEqualTo(10);
  }

  @Test
  void aRunThatWaitsForDevicesPausesAtOnce() {
    World world = World.of(new World.Rules());
    world.start();
    world.scheduler.runTo(1_000);
    world.coordinator.pause(World.RUN, false, answers::add);
    assertThat(world.status(World.RUN).state()).isEqualTo(RunStatus.State.PAUSED);
    world.withTen();
    world.scheduler.runTo(60_000);
    assertThat(world.committed).isEmpty();
    world.coordinator.resume(World.RUN, answers::add);
    world.finish();
    assertThat(world.committed).hasSize(3);
    assertThat(world.committed.get(0).summary().attempt()).isEqualTo(1);
  }

  @Test
  void aPauseNowGivesUpAMeasurementAndResumeMakesItAfterAll() {
    World.Rules rules = new World.Rules();
    rules.evaluator = Optional.of("judge");
    World world = World.of(rules).withTen();
    world.device("judge").trainMs = 5_000;
    world.start();
    world.untilCommitted(1);
    world.scheduler.runTo(world.scheduler.nowMs() + 100);
    assertThat(world.status(World.RUN).phase()).isEqualTo(RunStatus.Phase.EVALUATING);
    world.coordinator.pause(World.RUN, true, answers::add);
    world.scheduler.runTo(world.scheduler.nowMs() + 10_000);
    assertThat(world.evaluations).isEmpty();
    world.coordinator.resume(World.RUN, answers::add);
    world.finish();
    assertThat(world.evaluations).extracting(e -> e.round()).containsExactly(1, 2, 3);
  }

  @Test
  void aStoppedRunCanBeStartedAgainFromWhereItStood() {
    World world = World.of(new World.Rules()).withTen();
    duringRound(world, 2);
    world.coordinator.stop(World.RUN, true, answers::add);
    world.finish();
    assertThat(world.ended).isEqualTo("it was stopped");
    assertThat(world.committed).hasSize(1);
    world.ended = null;
    world.coordinator.start(world.spec(World.RUN), Wish.GO, answers::add);
    world.finish();
    assertThat(world.ended).isEqualTo("all 3 rounds are done");
    assertThat(world.committed).extracting(c -> c.round()).containsExactly(1, 2, 3);
    assertThat(answers).hasSize(2).allMatch(a -> a instanceof RunAnswer.Done);
  }

  @Test
  void whatCannotBeDoneIsRefusedWithTheReason() {
    World world = World.of(new World.Rules()).withTen();
    duringRound(world, 1);
    world.coordinator.start(world.spec(World.RUN), Wish.GO, answers::add);
    world.coordinator.resume(World.RUN, answers::add);
    world.coordinator.pause("other", false, answers::add);
    world.finish();
    world.coordinator.pause(World.RUN, false, answers::add);
    world.scheduler.runTo(world.scheduler.nowMs());
    assertThat(answers)
        .containsExactly(
            new RunAnswer.Refused("run test: it goes on already; stop it first"),
            new RunAnswer.Refused("run test: it is not paused"),
            new RunAnswer.Unknown("other"),
            new RunAnswer.Refused("run test: it is over"));
  }

  /** Goes on until devices are at work in a round. */
  private static void duringRound(World world, int round) {
    world.start();
    String began = "round " + round + "/1 with 10";
    assertThat(world.scheduler.runUntil(() -> world.events.contains(began), 3_600_000)).isTrue();
    world.scheduler.runTo(world.scheduler.nowMs() + 20);
  }
}
