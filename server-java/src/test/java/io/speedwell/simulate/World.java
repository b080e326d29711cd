package io.speedwell.simulate;

import io.speedwell.aggregate.FedAvg;
import io.speedwell.model.ElementType;
import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.SplitMix64;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.ConfigBlob;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.Coordinator;
import io.speedwell.run.CoordinatorSettings;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunSpec;
import io.speedwell.run.RunStatus;
import io.speedwell.run.RunStore;
import io.speedwell.run.plan.Plan;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.UpdateBudget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A fleet server and its devices on one virtual scheduler. */
final class World implements RunListener {
  static final String RUN = "test";

  /** What of the plan tests vary. */
  static final class Rules {
    int features = 8;
    int devices = 0;
    int count = 3;
    int goal = 10;
    int minimum = 5;
    int overSelection = 0;
    int deadlineMs = 60_000;
    int wrapUpMs = 10_000;
    int timeMs = 0;
    long seed = 1;
    Optional<String> evaluator = Optional.empty();
    Optional<Plan.Target> target = Optional.empty();
    long budget = 1 << 20;
    long heap = Long.MAX_VALUE;
    long partialHoldMs = 30_000;
  }

  final Rules rules;
  final VirtualScheduler scheduler;
  final UpdateBudget budget;
  final VirtualGateway gateway;
  final Coordinator coordinator;
  final Map<String, TestDevice> devices = new LinkedHashMap<>();
  final Map<String, VirtualLink> links = new LinkedHashMap<>();

  final List<Checkpoint> committed = new ArrayList<>();
  final List<Evaluation> evaluations = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  String ended;
  long endedAt;
  String failed;

  World(Rules rules, RunStore store) {
    this.rules = rules;
    Simulation simulation =
        new Simulation(
            99,
            SessionSettings.DEFAULTS,
            new CoordinatorSettings(
                1_000, 1_000, rules.budget, rules.heap, 10_000, rules.partialHoldMs, 1_000),
            store,
            this);
    this.scheduler = simulation.scheduler();
    this.budget = simulation.budget();
    this.gateway = simulation.gateway();
    this.coordinator = simulation.coordinator();
  }

  static World of(Rules rules) {
    return new World(rules, new MemoryStore());
  }

  /** Starts the run and lets it come to its end. */
  void runToEnd() {
    start();
    finish();
  }

  void start() {
    coordinator.start(spec());
  }

  void finish() {
    if (!scheduler.runUntil(() -> ended != null || failed != null, 24L * 3_600_000)) {
      throw new AssertionError("the run did not end; events: " + events);
    }
    endedAt = scheduler.nowMs();
    scheduler.runTo(endedAt + 1_000); // what is on its way arrives
  }

  /** Runs until so many rounds are committed. */
  void untilCommitted(int rounds) {
    if (!scheduler.runUntil(() -> committed.size() >= rounds, scheduler.nowMs() + 3_600_000)) {
      throw new AssertionError("round " + rounds + " did not come; events: " + events);
    }
  }

  TestDevice device(String id) {
    return device(id, LinkRules.PLAIN);
  }

  TestDevice device(String id, LinkRules link) {
    TestDevice device = new TestDevice(id);
    devices.put(id, device);
    links.put(id, gateway.attach(id, device, link));
    return device;
  }

  /** Ten devices, d0 to d9, with 10 to 19 examples. */
  World withTen() {
    for (int i = 0; i < 10; i++) {
      device("d" + i).examples = 10 + i;
    }
    return this;
  }

  Parameters model() {
    return committed.get(committed.size() - 1).parameters();
  }

  Layout layout() {
    return Layout.of(
        new Tensor("dense.weight", List.of(4, rules.features), ElementType.F32, Rule.MEAN),
        new Tensor("dense.bias", List.of(4), ElementType.F32, Rule.MEAN));
  }

  private RunSpec spec() {
    return spec(RUN);
  }

  /** A run of another name by the same rules. */
  RunSpec spec(String name) {
    Layout layout = layout();
    float[] initial = new float[layout.parameterCount()];
    SplitMix64 random = new SplitMix64(rules.seed);
    for (int i = 0; i < initial.length; i++) {
      initial[i] = random.nextFloat();
    }
    Plan plan =
        new Plan(
            name,
            new Plan.Data(rules.features, 4, rules.devices),
            new Plan.Model(layout, Optional.empty()),
            new Plan.Train(
                2,
                0,
                0,
                0,
                UpdateEncoding.WEIGHTS,
                Plan.Numerics.ANY,
                Map.of("lr", new ConfigBlob.F32(0.1f))),
            new FedAvg(16, 65_536),
            new Plan.Rounds(
                rules.count,
                rules.goal,
                rules.minimum,
                rules.overSelection,
                rules.deadlineMs,
                rules.wrapUpMs,
                rules.target,
                rules.timeMs),
            new Plan.Evaluate(rules.evaluator, 1),
            new Plan.Seeds(rules.seed));
    return new RunSpec(plan, Parameters.of(layout, initial), RunSpec.Patience.DEFAULTS);
  }

  /** Where a run stands; lets what is in the mailbox happen. */
  RunStatus status(String run) {
    List<RunStatus> statuses = new ArrayList<>();
    coordinator.runs(statuses::addAll);
    scheduler.runTo(scheduler.nowMs());
    return statuses.stream().filter(s -> s.name().equals(run)).findAny().orElseThrow();
  }

  // ---- what the run tells

  @Override
  public void runPaused(String run, int round) {
    events.add("paused after " + round);
  }

  @Override
  public void runResumed(String run, int round) {
    events.add("resumed after " + round);
  }

  @Override
  public void deviceRefused(String run, String device, String reason) {
    events.add(device + " refused: " + reason);
  }

  @Override
  public void deviceLeft(String device, String why, int present) {
    events.add(device + " left: " + why);
  }

  @Override
  public void roundStarted(String run, int round, int attempt, int count) {
    events.add("round " + round + "/" + attempt + " with " + count);
  }

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    events.add("abandoned " + round + "/" + attempt + ": " + why);
  }

  @Override
  public void roundCommitted(String run, Checkpoint checkpoint) {
    events.add("committed " + checkpoint.round());
    committed.add(checkpoint);
  }

  @Override
  public void evaluated(String run, Evaluation evaluation) {
    events.add("evaluated " + evaluation.round());
    evaluations.add(evaluation);
  }

  @Override
  public void evaluatorGone(String run, int round) {
    events.add("evaluator gone at " + round);
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    events.add("store failed, " + retryMs);
  }

  @Override
  public void storeRecovered(String run) {
    events.add("store recovered");
  }

  @Override
  public void runFailed(String run, String why) {
    failed = why;
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    ended = why;
  }
}
