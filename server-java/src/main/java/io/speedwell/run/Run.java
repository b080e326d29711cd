package io.speedwell.run;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.fleet.Device;
import io.speedwell.model.Layout;
import io.speedwell.protocol.TaskKind;
import io.speedwell.round.RoundRules;
import io.speedwell.run.plan.Plan;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.PartialUpload;
import io.speedwell.session.TaskKey;
import java.util.List;
import java.util.Optional;

/**
 * One run, from its plan or its newest checkpoint to its end: round, checkpoint, evaluation, next round. Used in the
 * mailbox only.
 */
final class Run {
  /** What the store says at the start. */
  private record Past(Checkpoint checkpoint, Optional<Evaluation> lastEvaluation) {}

  private static final long NEVER = Long.MAX_VALUE;

  private final RunSpec spec;
  private final Plan plan;
  private final long freshId;
  private final long partialHoldMs;
  private final Desk desk;
  private long runId;
  private Offers offers;
  private Checkpoint latest;
  private Model model;
  private TrainingRound round; // null: none is under way
  private EvaluationTask evaluation; // null: none is under way
  private int attempt;
  private long startedAt;
  private boolean gathered; // the fleet was waited for once
  private long evaluatorAwaited = NEVER; // until when
  private boolean evaluatorMissed;
  private boolean targetReached;
  private boolean over;

  /** @param freshId the id of the run, should it begin now */
  Run(RunSpec spec, long freshId, long partialHoldMs, Desk desk) {
    this.spec = spec;
    this.plan = spec.plan();
    this.freshId = freshId;
    this.partialHoldMs = partialHoldMs;
    this.desk = desk;
  }

  String name() {
    return plan.name();
  }

  /** Its id on the wire; 0 until the store has said what there is. */
  long id() {
    return runId;
  }

  // ---- from the plan, or from where it stood

  /** Begins: asks the store what there is. */
  void start() {
    startedAt = desk.nowMs();
    desk.storing().call(name(), this::past, this::begin);
  }

  private Past past(RunStore store) throws StoreException {
    Optional<Checkpoint> found = store.latest(name());
    if (found.isPresent()) {
      List<Evaluation> evaluations = store.evaluations(name());
      return new Past(
          found.get(),
          evaluations.stream().filter(e -> e.round() == found.get().round()).findAny());
    }
    Checkpoint first =
        new Checkpoint(
            freshId,
            name(),
            0,
            spec.initial(),
            plan.strategy().initialState(),
            RoundSummary.initial());
    store.commit(first);
    return new Past(first, Optional.empty());
  }

  private void begin(Past past) {
    Layout stored = past.checkpoint().parameters().layout();
    Optional<String> difference = plan.model().layout().difference(stored);
    if (difference.isPresent()) {
      fail(
          "the data folder holds a run of this name with another model: "
              + difference.get()
              + "; choose another name or another folder");
      return;
    }
    runId = past.checkpoint().runId();
    offers = new Offers(plan, runId);
    adopt(past.checkpoint());
    desk.listener().runStarted(name(), latest.round());
    past.lastEvaluation().ifPresent(this::judge);
    if (past.lastEvaluation().isPresent()) {
      nextRound();
    } else {
      evaluate();
    }
  }

  private void adopt(Checkpoint checkpoint) {
    latest = checkpoint;
    model = new Model(checkpoint.parameters(), checkpoint.strategyState(), offers);
    attempt = 0;
  }

  // ---- rounds

  private void nextRound() {
    Optional<String> reason = reasonToStop();
    if (reason.isPresent()) {
      end(reason.get());
      return;
    }
    attempt++;
    round =
        new TrainingRound(
            spec, offers, model, latest.round() + 1, attempt, rules(), desk, new RoundEnding());
    gathered = true;
    round.start();
  }

  private RoundRules rules() {
    Plan.Rounds r = plan.rounds();
    RunSpec.Patience patience = spec.patience();
    int pool = gathered ? 0 : plan.data().devices();
    long selectingMs = gathered ? 0 : patience.gatheringMs();
    return new RoundRules(
        r.goal(),
        r.minimum(),
        r.overSelection(),
        pool,
        selectingMs,
        r.deadlineMs(),
        r.wrapUpMs(),
        patience.graceMs());
  }

  private Optional<String> reasonToStop() {
    Plan.Rounds r = plan.rounds();
    if (targetReached) {
      return r.target().map(t -> "the target is reached: " + t.metric() + " " + t.value());
    }
    if (latest.round() >= r.count()) {
      return Optional.of("all " + r.count() + " rounds are done");
    }
    if (r.timeMs() > 0 && desk.nowMs() - startedAt >= r.timeMs()) {
      return Optional.of("its time of " + r.timeMs() + " ms is over");
    }
    return Optional.empty();
  }

  private final class RoundEnding implements TrainingRound.Ending {
    @Override
    public void folded(Accumulator sum) {
      TrainingRound ended = round;
      desk.folding()
          .finish(sum, outcome -> desk.mailbox().post(() -> commit(ended, outcome)));
    }

    @Override
    public void abandoned(String why) {
      desk.listener().roundAbandoned(name(), latest.round() + 1, attempt, why);
      round.dismiss();
      desk.mailbox().post(Run.this::tryAgain); // once the round has told everybody
    }
  }

  private void tryAgain() {
    if (!over) {
      nextRound();
    }
  }

  private void commit(TrainingRound ended, Accumulator.Outcome outcome) {
    ended.made();
    ended.dismiss();
    Checkpoint next =
        new Checkpoint(
            runId,
            name(),
            latest.round() + 1,
            outcome.model(),
            outcome.state(),
            ended.summary());
    desk.storing()
        .call(
            name(),
            store -> {
              store.commit(next);
              return next;
            },
            this::committed);
  }

  private void committed(Checkpoint checkpoint) {
    round.committed();
    round = null;
    adopt(checkpoint);
    desk.listener().roundCommitted(name(), checkpoint);
    if (!over) {
      evaluate();
    }
  }

  // ---- evaluation

  private void evaluate() {
    int committed = latest.round();
    Plan.Evaluate rule = plan.evaluate();
    boolean due =
        committed > 0
            && (committed % rule.every() == 0 || committed == plan.rounds().count());
    if (rule.device().isEmpty() || !due) {
      nextRound();
      return;
    }
    Optional<Device> evaluator =
        desk.fleet()
            .find(rule.device().get())
            .filter(d -> d.free(runId))
            .filter(d -> d.profile().takes(1 << TaskKind.TASK_KIND_EVALUATE_VALUE));
    if (evaluator.isEmpty()) {
      awaitEvaluator();
      return;
    }
    evaluatorAwaited = NEVER;
    String id = evaluator.get().id();
    evaluation =
        new EvaluationTask(
            evaluator.get(),
            offers.evaluate(model.blob(committed), committed, id),
            plan.rounds().deadlineMs(),
            spec.patience().graceMs(),
            desk,
            new EvaluationEnding());
    evaluation.start();
  }

  /** An evaluator that is away may come back for a while; once it was missed, nobody waits for it again. */
  private void awaitEvaluator() {
    long now = desk.nowMs();
    if (!evaluatorMissed && evaluatorAwaited == NEVER) {
      RunSpec.Patience patience = spec.patience();
      evaluatorAwaited = now + (gathered ? patience.graceMs() : patience.gatheringMs());
    } else if (evaluatorMissed || now >= evaluatorAwaited) {
      evaluatorAwaited = NEVER;
      withoutEvaluation();
    }
  }

  private void withoutEvaluation() {
    if (!evaluatorMissed) {
      evaluatorMissed = true;
      desk.listener().evaluatorGone(name(), latest.round());
    }
    nextRound();
  }

  private final class EvaluationEnding implements EvaluationTask.Ending {
    @Override
    public void evaluated(Evaluation figures) {
      evaluatorMissed = false;
      desk.storing()
          .call(
              name(),
              store -> {
                store.record(name(), figures);
                return figures;
              },
              Run.this::recorded);
    }

    @Override
    public void without(String why) {
      evaluation = null;
      withoutEvaluation();
    }
  }

  private void recorded(Evaluation figures) {
    evaluation.recorded();
    evaluation = null;
    desk.listener().evaluated(name(), figures);
    judge(figures);
    if (!over) {
      nextRound();
    }
  }

  private void judge(Evaluation figures) {
    plan.rounds()
        .target()
        .ifPresent(
            target -> {
              Double figure = figures.metrics().get(target.metric());
              targetReached = figure != null && target.reached(figure);
            });
  }

  // ---- the end

  private void end(String why) {
    over = true;
    desk.listener().runEnded(name(), why, latest);
  }

  private void fail(String why) {
    over = true;
    desk.listener().runFailed(name(), why);
  }

  /** The server shuts down: what is being made durable is finished, nothing new begins. */
  void halt() {
    over = true;
    if (round != null) {
      round.dismiss();
    }
  }

  // ---- time

  long deadline() {
    if (over) {
      return NEVER;
    }
    long due = round == null ? NEVER : round.deadline();
    due = Math.min(due, evaluatorAwaited);
    return evaluation == null ? due : Math.min(due, evaluation.deadline());
  }

  void tick() {
    if (!over && round != null) {
      round.tick();
    }
    if (!over && evaluation != null) {
      evaluation.tick();
    }
    if (!over && evaluatorAwaited <= desk.nowMs()) {
      evaluate();
    }
  }

  // ---- devices

  /** Devices came, or became idle. */
  void fleetChanged() {
    if (!over && evaluatorAwaited != NEVER) {
      evaluate();
    } else if (!over && round != null) {
      round.fleetChanged();
    }
  }

  /** A device with a task of this run is connected again. */
  void returned(Device device) {
    if (over) {
      return;
    }
    if (evaluation != null && evaluation.waitsFor(device)) {
      evaluation.returned();
    } else if (round != null) {
      round.returned(device);
    }
  }

  /** A device with a task of this run is gone. */
  void lost(Device device, FleetEvent.Gone gone) {
    if (over) {
      gone.partial().ifPresent(PartialUpload::discard);
    } else if (evaluation != null && evaluation.waitsFor(device)) {
      gone.partial().ifPresent(PartialUpload::discard); // its metrics are soon sent again
      evaluation.lost();
    } else if (round != null) {
      round.lost(device, gone.traffic());
      gone.partial().ifPresent(p -> round.keep(device, p, desk.nowMs() + partialHoldMs));
    } else {
      gone.partial().ifPresent(PartialUpload::discard);
    }
  }

  /** A device tells of a task of this run. */
  void on(Device device, FleetEvent.OfTask event) {
    if (event instanceof FleetEvent.Began began) {
      if (trains(device, began.task())) {
        round.began(device);
      }
    } else if (event instanceof FleetEvent.Refused refused) {
      refused(device, refused);
    } else if (event instanceof FleetEvent.Rejected rejected) {
      String why = Reasons.rejection(rejected.reason());
      desk.listener().deviceRefused(name(), device.id(), why);
      if (trains(device, rejected.task())) {
        round.refused(device, rejected.traffic());
      } else if (evaluates(device, rejected.task())) {
        evaluation.refused(why);
      }
    } else if (event instanceof FleetEvent.Accepted accepted) {
      accepted(device, accepted);
    }
  }

  private void refused(Device device, FleetEvent.Refused refused) {
    String why = Reasons.refusal(refused.reason(), refused.detail());
    desk.listener().deviceRefused(name(), device.id(), why);
    if (refused.wholeRun() || Reasons.lasting(refused.reason())) {
      device.refuse(runId);
    }
    if (trains(device, refused.task())) {
      round.refused(device, refused.traffic());
    } else if (evaluates(device, refused.task())) {
      evaluation.refused(why);
    }
  }

  private void accepted(Device device, FleetEvent.Accepted accepted) {
    if (trains(device, accepted.task())) {
      round.accepted(device, accepted.result(), accepted.traffic());
    } else if (evaluates(device, accepted.task())) {
      evaluation.accepted(accepted.result());
    } else {
      accepted.result().release(); // it crossed the end of its round
    }
  }

  private boolean trains(Device device, TaskKey key) {
    return !over && round != null && round.owns(device, key);
  }

  private boolean evaluates(Device device, TaskKey key) {
    return !over && evaluation != null && evaluation.owns(device, key);
  }
}
