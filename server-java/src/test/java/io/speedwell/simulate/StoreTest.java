package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.protocol.ByeReason;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.CommittedRound;
import io.speedwell.run.CountedUpdate;
import io.speedwell.run.Evaluation;
import io.speedwell.run.HeapNeed;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunAnswer;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import io.speedwell.run.Wish;
import io.speedwell.run.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs and what is durable of them. */
class StoreTest {

  /** Fails as long as it is told to. */
  private static final class Flaky implements RunStore {
    final MemoryStore store = new MemoryStore();
    boolean full;

    @Override
    public Optional<Checkpoint> latest(String run) {
      return store.latest(run);
    }

    @Override
    public Optional<Checkpoint> checkpoint(String run, int round) {
      return store.checkpoint(run, round);
    }

    @Override
    public List<String> names() {
      return store.names();
    }

    @Override
    public void commit(Checkpoint checkpoint) throws StoreException {
      if (full) {
        throw new StoreException("the disk is full", null);
      }
      store.commit(checkpoint);
    }

    @Override
    public void rollBack(String run, int round) throws StoreException {
      store.rollBack(run, round);
    }

    @Override
    public int generation(String run) {
      return store.generation(run);
    }

    @Override
    public List<CommittedRound> history(String run) {
      return store.history(run);
    }

    @Override
    public void record(String run, Evaluation evaluation) {
      store.record(run, evaluation);
    }

    @Override
    public List<RoundSummary> rounds(String run) {
      return store.rounds(run);
    }

    @Override
    public List<CountedUpdate> counted(String run, int round) {
      return store.counted(run, round);
    }

    @Override
    public List<Evaluation> evaluations(String run) {
      return store.evaluations(run);
    }
  }

  @Test
  void aFullDiskPausesTheRunInMemoryAndNobodyHearsCommitted() {
    Flaky store = new Flaky();
    World world = new World(new World.Rules(), store).withTen();
    world.start();
    world.untilCommitted(1);
    store.full = true;
    world.scheduler.runTo(world.scheduler.nowMs() + 20_000);
    assertThat(world.committed).hasSize(1);
    assertThat(world.events)
        .contains("store failed, 1000", "store failed, 2000", "store failed, 4000");
    assertThat(world.devices.values()).allMatch(d -> d.committed == 1 && d.accepted == 2);
    store.full = false;
    world.finish();
    assertThat(world.events).contains("store recovered");
    assertThat(world.committed).hasSize(3);
    assertThat(world.devices.values()).allMatch(d -> d.committed == 3 && d.accepted == 3);
  }

  @Test
  void aServerStartedAgainGoesOnAfterItsLastCommittedRoundAndLearnsTheSame() {
    World.Rules rules = new World.Rules();
    World whole = World.of(rules).withTen();
    whole.runToEnd();
    MemoryStore store = new MemoryStore();
    World before = new World(rules, store).withTen();
    before.start();
    before.untilCommitted(2); // and then it is killed
    World after = new World(rules, store).withTen();
    after.runToEnd();
    assertThat(after.committed).hasSize(1);
    assertThat(after.committed.get(0).round()).isEqualTo(3);
    assertThat(after.committed.get(0).runId()).isEqualTo(before.committed.get(0).runId());
    assertThat(after.model()).isEqualTo(whole.model());
    assertThat(store.rounds(World.RUN)).extracting(RoundSummary::round).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aRunThatIsDoneEndsAtOnce() {
    MemoryStore store = new MemoryStore();
    new World(new World.Rules(), store).withTen().runToEnd();
    World again = new World(new World.Rules(), store);
    again.runToEnd();
    assertThat(again.ended).isEqualTo("all 3 rounds are done");
    assertThat(again.committed).isEmpty();
  }

  @Test
  void anotherModelUnderTheSameNameIsRefusedByTensor() {
    MemoryStore store = new MemoryStore();
    new World(new World.Rules(), store).withTen().runToEnd();
    World.Rules other = new World.Rules();
    other.features = 9;
    World world = new World(other, store);
    world.runToEnd();
    assertThat(world.failed).contains("dense.weight").contains("another model");
  }

  @Test
  void anUpdateLargerThanTheBudgetIsSaidAtTheStart() {
    World.Rules rules = new World.Rules();
    rules.budget = 1_000;
    World world = World.of(rules);
    world.runToEnd();
    assertThat(world.failed)
        .isEqualTo("one update needs 1168 bytes, the update budget has 1000; raise it");
  }

  @Test
  void drainingFinishesTheCommitAndSendsEverybodyHomeWithATimeToComeBack() {
    World world = World.of(new World.Rules()).withTen();
    world.start();
    world.untilCommitted(1);
    boolean[] drained = new boolean[1];
    world.coordinator.drain(10_000, () -> drained[0] = true);
    world.scheduler.runTo(world.scheduler.nowMs() + 1_000);
    assertThat(drained[0]).isTrue();
    assertThat(world.gateway.sessions()).isZero();
    assertThat(world.devices.values())
        .flatExtracting(d -> d.heard)
        .filteredOn(m -> m.hasBye())
        .allMatch(m -> m.getBye().getReason() == ByeReason.BYE_SHUTDOWN_VALUE)
        .extracting(m -> m.getBye().getRetryAfterMs())
        .doesNotHaveDuplicates()
        .allMatch(retry -> retry >= 10_000 && retry < 20_000)
        .hasSize(10);
    assertThat(world.budget.free()).isEqualTo(world.rules.budget);
  }

  @Test
  void aRunThatTheHeapCannotHoldBesideTheOthersIsRefused() {
    World.Rules rules = new World.Rules();
    Plan plan = World.of(rules).spec(World.RUN).plan();
    rules.heap = HeapNeed.SERVER + rules.budget + HeapNeed.of(plan);
    World world = World.of(rules).withTen();
    world.start();
    world.untilCommitted(1);
    List<RunAnswer> answers = new ArrayList<>();
    world.coordinator.start(world.spec("second"), Wish.GO, answers::add);
    world.scheduler.runTo(world.scheduler.nowMs());
    assertThat(answers)
        .singleElement()
        .isInstanceOfSatisfying(
            RunAnswer.Refused.class,
            refused ->
                assertThat(refused.why()).contains("run second: ", "MB of heap", "--budget"));
    world.failed = null;
    world.finish();
    assertThat(world.committed).as("the first goes on").hasSize(3);
    world.coordinator.start(world.spec("second"), Wish.GO, answers::add);
    world.untilCommitted(4);
    assertThat(answers.get(1)).as("the first is over").isInstanceOf(RunAnswer.Done.class);
  }
}
