package io.speedwell.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RoundTest {

  /** Idle devices, by id. */
  private static final class Idle implements Candidates {
    final TreeSet<String> ids = new TreeSet<>();

    Idle(String... ids) {
      this.ids.addAll(List.of(ids));
    }

    @Override
    public int count() {
      return ids.size();
    }

    @Override
    public List<String> take(int wanted) {
      List<String> taken = new ArrayList<>(ids.stream().limit(wanted).toList());
      ids.removeAll(taken);
      return taken;
    }
  }

  private static RoundRules rules(int goal, int minimum, int overSelection) {
    return new RoundRules(goal, minimum, overSelection, 0, 1_000, 60_000, 10_000, 3_000);
  }

  private static RoundEvent accepted(String device) {
    return new RoundEvent.Accepted(device, false, 10, 2, 1);
  }

  private final Idle idle = new Idle("a", "b", "c", "d", "e");

  @Test
  void itWaitsForItsCohortThenBeginsWithTheMinimum() {
    Idle two = new Idle("a", "b");
    Round round = new Round(rules(3, 2, 0), two);
    assertThat(round.on(new RoundEvent.Start(), 100))
        .containsExactly(new RoundAction.Waiting(2, 3));
    assertThat(round.deadline()).isEqualTo(1_100);
    assertThat(round.on(new RoundEvent.Tick(), 1_099)).isEmpty();
    assertThat(round.on(new RoundEvent.Tick(), 1_100))
        .containsExactly(new RoundAction.Assign("a"), new RoundAction.Assign("b"));
    assertThat(round.state()).isEqualTo(Round.State.CONFIGURING);
  }

  @Test
  void belowTheMinimumItWaitsWithoutADeadline() {
    Round round = new Round(rules(3, 2, 0), new Idle("a"));
    round.on(new RoundEvent.Start(), 0);
    assertThat(round.on(new RoundEvent.Tick(), 1_000)).isEmpty();
    assertThat(round.state()).isEqualTo(Round.State.SELECTING);
    assertThat(round.deadline()).isEqualTo(Round.NEVER);
  }

  @Test
  void aPoolIsWaitedForBeforeAnybodyIsPicked() {
    Idle fleet = new Idle("c", "d");
    Round round = new Round(new RoundRules(2, 1, 0, 4, 1_000, 60_000, 1, 1), fleet);
    round.on(new RoundEvent.Start(), 0);
    fleet.ids.addAll(List.of("a", "b"));
    assertThat(round.on(new RoundEvent.FleetChanged(), 5))
        .containsExactly(new RoundAction.Assign("a"), new RoundAction.Assign("b"));
  }

  @Test
  void itGoesThroughItsPhasesToCommitted() {
    Round round = new Round(rules(2, 1, 0), idle);
    round.on(new RoundEvent.Start(), 0);
    round.on(new RoundEvent.Began("a"), 30);
    assertThat(round.state()).isEqualTo(Round.State.COLLECTING);
    assertThat(round.on(accepted("a"), 100)).containsExactly(new RoundAction.Fold("a"));
    assertThat(round.on(accepted("b"), 110)).containsExactly(new RoundAction.Fold("b"));
    assertThat(round.state()).isEqualTo(Round.State.FOLDING);
    assertThat(round.on(new RoundEvent.Folded("b"), 112)).isEmpty();
    assertThat(round.on(new RoundEvent.Folded("a"), 115)).containsExactly(new RoundAction.Commit());
    round.on(new RoundEvent.Made(), 120);
    round.on(new RoundEvent.Durable(), 140);
    assertThat(round.state()).isEqualTo(Round.State.COMMITTED);
    assertThat(round.count()).isEqualTo(new RoundCount(2, 0, 20, 2, 1, 0, 0, 0, 30, 80, 10));
  }

  @Test
  void whoRefusesOrIsLostIsReplacedAtOnce() {
    Round round = new Round(rules(2, 2, 0), idle);
    round.on(new RoundEvent.Start(), 0);
    assertThat(round.on(new RoundEvent.Refused("a"), 10))
        .containsExactly(new RoundAction.Assign("c"));
    assertThat(round.on(new RoundEvent.Lost("b"), 20)).containsExactly(new RoundAction.Assign("d"));
  }

  @Test
  void aLostDeviceThatComesBackCountsIfTheGoalIsNotReached() {
    Round round = new Round(rules(2, 2, 0), idle);
    round.on(new RoundEvent.Start(), 0);
    round.on(new RoundEvent.Lost("a"), 10);
    assertThat(round.on(new RoundEvent.Returned("a"), 20))
        .containsExactly(new RoundAction.Assign("a"));
    round.on(accepted("a"), 30);
    assertThat(round.on(accepted("b"), 40))
        .containsExactly(new RoundAction.Fold("b"), new RoundAction.Cancel("c"));
  }

  @Test
  void whoeverIsLostWithNobodyToReplaceItIsWaitedForAsLongAsGraceLasts() {
    Round round = new Round(rules(2, 1, 0), new Idle("a", "b"));
    round.on(new RoundEvent.Start(), 0);
    round.on(new RoundEvent.Lost("b"), 50);
    round.on(accepted("a"), 100);
    assertThat(round.state()).isEqualTo(Round.State.COLLECTING);
    assertThat(round.deadline()).isEqualTo(3_050);
    assertThat(round.on(new RoundEvent.Tick(), 3_050)).containsExactly(new RoundAction.Cancel("b"));
    assertThat(round.state()).isEqualTo(Round.State.FOLDING);
    assertThat(round.count().lost()).isEqualTo(1);
  }

  @Test
  void wrapUpClosesSelectionAndTellsThoseAtWork() {
    Round round = new Round(rules(2, 1, 0), idle);
    round.on(new RoundEvent.Start(), 0);
    round.on(accepted("a"), 10);
    assertThat(round.deadline()).isEqualTo(50_000);
    assertThat(round.on(new RoundEvent.Tick(), 50_000))
        .containsExactly(new RoundAction.WrapUp("b", 10_000));
    assertThat(round.deadline()).isEqualTo(60_000);
    assertThat(round.on(new RoundEvent.Lost("b"), 50_010)).as("nobody new").isEmpty();
    assertThat(round.on(new RoundEvent.Tick(), 53_010))
        .containsExactly(new RoundAction.Cancel("b"));
    assertThat(round.state()).isEqualTo(Round.State.FOLDING);
  }

  @Test
  void theDeadlineDecidesByTheMinimum() {
    Round enough = new Round(rules(3, 2, 0), new Idle("a", "b", "c"));
    enough.on(new RoundEvent.Start(), 0);
    enough.on(accepted("a"), 10);
    enough.on(accepted("b"), 10);
    assertThat(enough.on(new RoundEvent.Tick(), 60_000)).contains(new RoundAction.Cancel("c"));
    assertThat(enough.state()).isEqualTo(Round.State.FOLDING);

    Round few = new Round(rules(3, 2, 0), new Idle("a", "b", "c"));
    few.on(new RoundEvent.Start(), 0);
    few.on(accepted("a"), 10);
    assertThat(few.on(new RoundEvent.Tick(), 60_000))
        .contains(
            new RoundAction.Cancel("a"),
            new RoundAction.Cancel("b"),
            new RoundAction.Cancel("c"),
            new RoundAction.Abandon("1 of at least 2 results came in time"));
    assertThat(few.state()).isEqualTo(Round.State.ABANDONED);
    assertThat(few.deadline()).isEqualTo(Round.NEVER);
  }

  @Test
  void lateResultsStrangersAndSecondOnesAreReleased() {
    Round round = new Round(rules(1, 1, 1), idle);
    round.on(new RoundEvent.Start(), 0);
    assertThat(round.on(accepted("e"), 5)).containsExactly(new RoundAction.Release("e"));
    assertThat(round.on(accepted("a"), 10))
        .containsExactly(new RoundAction.Fold("a"), new RoundAction.Cancel("b"));
    assertThat(round.on(accepted("b"), 11)).containsExactly(new RoundAction.Release("b"));
    assertThat(round.on(accepted("a"), 12)).containsExactly(new RoundAction.Release("a"));
    assertThat(round.count().devices()).isEqualTo(1);
  }

  @Test
  void aSecondResultWhileOthersAreAwaitedIsReleased() {
    Round round = new Round(rules(2, 2, 0), idle);
    round.on(new RoundEvent.Start(), 0);
    assertThat(round.on(accepted("a"), 10)).containsExactly(new RoundAction.Fold("a"));
    assertThat(round.on(accepted("a"), 11)).containsExactly(new RoundAction.Release("a"));
    assertThat(round.state()).isEqualTo(Round.State.COLLECTING);
    assertThat(round.count().devices()).isEqualTo(1);
  }

  @Test
  void weightIsWhatIsHeldAlsoForPartialWork() {
    Round round = new Round(rules(2, 2, 0), idle);
    round.on(new RoundEvent.Start(), 0);
    round.on(new RoundEvent.Accepted("a", true, 30, 4, 2), 10);
    round.on(new RoundEvent.Accepted("b", false, 10, 8, 0), 20);
    RoundCount count = round.count();
    assertThat(count.examples()).isEqualTo(40);
    assertThat(count.partial()).isEqualTo(1);
    assertThat(count.lossBefore()).isEqualTo(5);
    assertThat(count.lossAfter()).as("b did not measure it").isEqualTo(2);
  }

  @Test
  void rulesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> rules(2, 3, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> rules(2, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RoundRules(1, 1, 0, 0, 0, 100, 100, 0));
  }

  @Test
  void theMeanDoesNotDependOnTheOrderOfItsTerms() {
    double[] values = {1e8, 1e-8, 3.3, -1e8, 0.1};
    CohortMean forward = new CohortMean();
    CohortMean backward = new CohortMean();
    for (int i = 0; i < values.length; i++) {
      forward.add(values[i], 3 + i);
      backward.add(values[values.length - 1 - i], 3 + values.length - 1 - i);
    }
    assertThat(forward.value()).isEqualTo(backward.value());
    assertThat(new CohortMean().value()).isNaN();
  }
}
