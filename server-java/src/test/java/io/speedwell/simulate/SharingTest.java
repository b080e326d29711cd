package io.speedwell.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Several runs on one fleet of ten devices. */
class SharingTest {
  private static final long HOUR = 3_600_000;

  @Test
  void twoRunsThatWantTheWholeFleetTakeTurns() {
    World world = fleet(new World.Rules(), "a", "b");
    List<String> order = rounds(world, 40);
    for (int i = 0; i + 1 < order.size(); i += 2) {
      assertThat(order.subList(i, i + 2)).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void twoRunsThatFitBesideEachOtherWorkAtTheSameTime() {
    World.Rules rules = new World.Rules();
    rules.goal = 5;
    World alone = fleet(rules, "a");
    long one = timeOf(alone, 20);
    World shared = fleet(rules, "a", "b");
    long both = timeOf(shared, 40);
    assertThat(both).isLessThan(one * 13 / 10);
  }

  @Test
  void aSmallRunDoesNotStarveALargeOneNorTheOtherWayRound() {
    World world = World.of(new World.Rules()).withTen();
    world.rules.count = 10_000;
    world.rules.goal = 10;
    world.rules.minimum = 10;
    world.coordinator.start(world.spec("large"));
    world.rules.goal = 3;
    world.rules.minimum = 3;
    world.coordinator.start(world.spec("small"));
    Map<String, Integer> tasks = tasks(world, 100);
    double share = (double) tasks.get("large") / (tasks.get("large") + tasks.get("small"));
    assertThat(share).isBetween(0.45, 0.55);
  }

  @Test
  void threeRunsShareEqually() {
    World.Rules rules = new World.Rules();
    rules.goal = 4;
    rules.minimum = 4;
    World world = fleet(rules, "a", "b", "c");
    Map<String, Integer> tasks = tasks(world, 90);
    int all = tasks.values().stream().mapToInt(i -> i).sum();
    assertThat(tasks.values()).hasSize(3).allMatch(n -> n >= all / 3 - 8 && n <= all / 3 + 8);
  }

  @Test
  void aRunThatCannotBeginKeepsNobodyWaiting() {
    World world = World.of(new World.Rules()).withTen();
    world.rules.minimum = 11;
    world.rules.goal = 11;
    world.coordinator.start(world.spec("hopeless"));
    world.rules.minimum = 5;
    world.rules.goal = 10;
    world.coordinator.start(world.spec("modest"));
    assertThat(rounds(world, 3)).containsOnly("modest");
    world.device("d10").examples = 5;
    world.scheduler.runUntil(
        () -> world.committed.stream().anyMatch(c -> c.run().equals("hopeless")), HOUR);
    assertThat(world.committed).anyMatch(c -> c.run().equals("hopeless"));
  }

  @Test
  void aPausedRunLeavesTheFleetToTheOtherAndCatchesUpByOneCohortAtMost() {
    World.Rules rules = new World.Rules();
    World world = fleet(rules, "a", "b");
    world.coordinator.pause("a", false, answer -> {});
    assertThat(rounds(world, 10).subList(2, 10)).containsOnly("b");
    world.coordinator.resume("a", answer -> {});
    int before = world.committed.size();
    rounds(world, before + 12);
    long ofA =
        world.committed.subList(before, before + 12).stream()
            .filter(c -> c.run().equals("a"))
            .count();
    assertThat(ofA).isBetween(5L, 7L);
  }

  @Test
  void anEvaluatorThatTrainsForAnotherRunIsWaitedFor() {
    World.Rules rules = new World.Rules();
    World world = World.of(rules).withTen();
    rules.count = 4;
    world.devices.get("d0").trainMs = 10_000; // longer than one that is away is waited for
    rules.goal = 5;
    rules.evaluator = Optional.of("d0");
    world.coordinator.start(world.spec("judged"));
    rules.evaluator = Optional.empty();
    rules.goal = 5; // those that the judged run leaves, its evaluator among them
    world.coordinator.start(world.spec("other"));
    Map<String, Integer> ended = new HashMap<>();
    world.scheduler.runUntil(
        () -> world.committed.stream().filter(c -> c.round() == 4).count() == 2, HOUR);
    world.scheduler.runTo(world.scheduler.nowMs() + 60_000);
    world.committed.forEach(c -> ended.merge(c.run(), 1, Integer::sum));
    assertThat(ended).containsEntry("judged", 4).containsEntry("other", 4);
    assertThat(world.evaluations).extracting(e -> e.round()).containsExactly(1, 2, 3, 4);
    assertThat(world.events).noneMatch(event -> event.startsWith("evaluator gone"));
  }

  private static World fleet(World.Rules rules, String... runs) {
    World world = World.of(rules).withTen();
    rules.count = 10_000;
    for (String run : runs) {
      world.coordinator.start(world.spec(run));
    }
    return world;
  }

  /** The runs whose rounds are committed, in order, once there are so many. */
  private static List<String> rounds(World world, int count) {
    assertThat(world.scheduler.runUntil(() -> world.committed.size() >= count, HOUR)).isTrue();
    return world.committed.stream().limit(count).map(c -> c.run()).toList();
  }

  private static long timeOf(World world, int rounds) {
    rounds(world, rounds);
    return world.scheduler.nowMs();
  }

  private static Map<String, Integer> tasks(World world, int rounds) {
    rounds(world, rounds);
    Map<String, Integer> tasks = new HashMap<>();
    world.committed.forEach(c -> tasks.merge(c.run(), c.summary().devices(), Integer::sum));
    return tasks;
  }
}
