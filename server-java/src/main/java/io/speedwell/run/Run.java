package io.speedwell.run;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.fleet.Device;
import io.speedwell.round.Round;
import io.speedwell.run.plan.Plan;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.PartialUpload;
import java.util.Optional;

/**
 * One run, from its plan or its newest checkpoint to its end: round, checkpoint, evaluation, next
 * round. Used in the mailbox only.
 */
final class Run {
  private final RunSpec spec;
  private final Plan plan;
  private final long freshId;
  private final long partialHoldMs;
  private final Desk desk;
  private final Sharing.Claim claim;
  private final Steering steering;
  private final RunEnd end;
  private long runId;
  private Offers offers;
  private Checkpoint latest;
  private Model model;
  private TrainingRound round; // null: none is under way
  private Evaluations evaluations;
  private int firstAttempt; // attempts are counted from the one after
  private int attempt;
  private boolean gathered; // the fleet was waited for once
  private boolean over;
  private boolean failed;
  private String why = "";

  /**
   * @param wish of the operator, from before
   * @param freshId the id of the run, should it begin now
   */
  Run(RunSpec spec, Wish wish, long freshId, long partialHoldMs, Desk desk) {
    this.spec = spec;
    this.plan = spec.plan();
    this.steering = new Steering(wish);
    this.end = new RunEnd(plan.rounds());
    this.freshId = freshId;
    this.partialHoldMs = partialHoldMs;
    this.desk = desk;
    this.claim = desk.sharing().open();
  }

  String name() {
    return plan.name();
  }

  /** Its id on the wire; 0 until the store has said what there is. */
  long id() {
    return runId;
  }

  boolean over() {
    return over;
  }

  /** Bytes of heap it takes while it goes on. */
  long heap() {
    return HeapNeed.of(plan);
  }

  // ---- from the plan, or from where it stood

  /** Begins: asks the store what there is. */
  void start() {
    end.start(desk.nowMs());
    desk.storing().call(name(), store -> Past.of(store, spec, freshId), this::begin);
  }

  private void begin(Past past) {
    Optional<String> unfit = past.unfit(plan);
    if (unfit.isPresent()) {
      fail(unfit.get());
      return;
    }
    runId = past.checkpoint().runId();
    firstAttempt = Generations.attemptsAfter(past.generation());
    offers = new Offers(plan, runId);
    evaluations = new Evaluations(spec, offers, desk, this::nextRound);
    adopt(past.checkpoint());
    desk.listener().runStarted(name(), latest.round());
    if (past.lastEvaluation().isPresent()) {
      evaluations.judge(past.lastEvaluation().get());
      nextRound();
    } else if (steering.toPause() || steering.toStop()) {
      steering.missMeasurement();
      nextRound();
    } else {
      evaluations.measure(latest.round(), model);
    }
  }

  private void adopt(Checkpoint checkpoint) {
    latest = checkpoint;
    model = new Model(checkpoint.parameters(), checkpoint.strategyState(), offers);
    attempt = firstAttempt;
  }

  // ---- rounds

  private void nextRound() {
    Optional<String> reason = reasonToStop();
    if (reason.isPresent()) {
      end(reason.get());
      return;
    }
    if (steering.toPause()) {
      steering.rest(desk.nowMs());
      desk.listener().runPaused(name(), latest.round());
      return;
    }
    attempt++;
    round =
        new TrainingRound(
            spec,
            offers,
            model,
            latest.round() + 1,
            attempt,
            spec.rules(gathered),
            desk,
            claim,
            new RoundEnding());
    gathered = true;
    evaluations.fleetGathered();
    round.start();
  }

  private Optional<String> reasonToStop() {
    return end.reason(latest.round(), evaluations.targetReached(), steering.toStop(), desk.nowMs());
  }

  private final class RoundEnding implements TrainingRound.Ending {
    @Override
    public void folded(Accumulator sum) {
      TrainingRound ended = round;
      desk.folding().finish(sum, outcome -> desk.mailbox().post(() -> commit(ended, outcome)));
    }

    @Override
    public void abandoned(String why) {
      desk.listener().roundAbandoned(name(), latest.round() + 1, attempt, why);
      round.dismiss();
      desk.mailbox().post(Run.this::tryAgain); // once the round has told everybody
    }
  }

  private void tryAgain() {
    round = null;
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
            ended.summary(),
            ended.counted());
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
    desk.storing().call(name(), this::tidy, tidied -> {});
    if (!over) {
      evaluations.measure(latest.round(), model);
    }
  }

  private boolean tidy(RunStore store) throws StoreException {
    store.tidy(name());
    return true;
  }

  // ---- the end

  private void end(String reason) {
    finish(reason);
    desk.listener().runEnded(name(), reason, latest);
  }

  private void finish(String reason) {
    over = true;
    why = reason;
    claim.close();
  }

  private void fail(String reason) {
    finish(reason);
    failed = true;
    desk.listener().runFailed(name(), reason);
  }

  /** The server shuts down: what is being made durable is finished, nothing new begins. */
  void halt() {
    if (!over) {
      finish("the server ends");
    }
    if (evaluations != null) {
      evaluations.halt();
    }
    if (round != null) {
      round.dismiss();
    }
  }

  // ---- what the operator wants

  /**
   * Rests before the next round. What is out is finished first, unless it is to be given up now.
   * Empty, or why that cannot be.
   */
  Optional<String> pause(boolean now) {
    Optional<String> refused = over ? Optional.of("it is over") : steering.pause();
    if (refused.isEmpty() && !steering.resting()) {
      hasten(now, "the run is paused");
    }
    return refused;
  }

  /** Goes on. Empty, or why that cannot be. */
  Optional<String> resume() {
    Optional<String> refused = over ? Optional.of("it is over") : steering.resume();
    if (refused.isEmpty() && steering.resting()) {
      end.rested(steering.wake(desk.nowMs()));
      desk.listener().runResumed(name(), latest.round());
      if (steering.takeMissedMeasurement()) {
        evaluations.measure(latest.round(), model);
      } else {
        nextRound();
      }
    }
    return refused;
  }

  /** Ends, after what is out or now. Empty, or why that cannot be. */
  Optional<String> stop(boolean now) {
    if (over) {
      return Optional.of("it is over");
    }
    steering.stop();
    if (steering.resting()) {
      nextRound();
    } else {
      hasten(now, "the run is stopped");
    }
    return Optional.empty();
  }

  private void hasten(boolean now, String reason) {
    if (evaluations == null) {
      return; // it looks for itself before its first round
    }
    if (round == null) {
      if (now && evaluations.giveUp()) {
        steering.missMeasurement();
        nextRound();
      }
    } else if (round.state() == Round.State.SELECTING) {
      round.dismiss();
      round = null;
      attempt--;
      nextRound();
    } else if (now) {
      round.stop(reason);
    }
  }

  RunStatus status() {
    boolean open = round != null && !over;
    return new RunStatus(
        name(),
        runId,
        over ? ending() : steering.state(evaluations != null),
        over ? RunStatus.Phase.IDLE : phase(),
        latest == null ? 0 : latest.round(),
        plan.rounds().count(),
        open ? attempt : 0,
        open ? round.atWork() : 0,
        open ? round.results() : 0,
        why);
  }

  private RunStatus.State ending() {
    return failed ? RunStatus.State.FAILED : RunStatus.State.ENDED;
  }

  private RunStatus.Phase phase() {
    if (round != null) {
      return round.phase();
    }
    boolean measures = evaluations != null && evaluations.underWay();
    return measures ? RunStatus.Phase.EVALUATING : RunStatus.Phase.IDLE;
  }

  // ---- time

  long deadline() {
    if (idle()) {
      return RunEnd.NEVER;
    }
    if (round == null) {
      return evaluations.deadline();
    }
    return round.waits() ? Math.min(end.at(), round.deadline()) : round.deadline();
  }

  void tick() {
    if (idle()) {
      return;
    }
    if (round == null) {
      evaluations.tick();
    } else if (round.waits() && desk.nowMs() >= end.at()) {
      reasonToStop().ifPresent(this::end);
    } else {
      round.tick();
    }
  }

  /** Whether it has not begun yet, or is over. */
  private boolean idle() {
    return over || evaluations == null;
  }

  // ---- devices

  /** Devices came, or became idle. */
  void fleetChanged() {
    if (idle()) {
      return;
    }
    if (round != null) {
      round.fleetChanged();
    } else {
      evaluations.fleetChanged();
    }
  }

  /** A device with a task of this run is connected again. */
  void returned(Device device) {
    if (idle()) {
      return;
    }
    if (evaluations.waitsFor(device)) {
      evaluations.returned();
    } else if (round != null) {
      round.returned(device);
    }
  }

  /** A device with a task of this run is gone. */
  void lost(Device device, FleetEvent.Gone gone) {
    if (idle() || round == null) {
      gone.partial().ifPresent(PartialUpload::discard); // metrics are soon sent again
      if (!idle() && evaluations.waitsFor(device)) {
        evaluations.lost();
      }
    } else {
      round.lost(device, gone.traffic());
      gone.partial().ifPresent(p -> round.keep(device, p, desk.nowMs() + partialHoldMs));
    }
  }

  /** A device tells of a task of this run. */
  void on(Device device, FleetEvent.OfTask event) {
    boolean idle = idle();
    new TaskNews(desk, name(), runId, idle ? null : round, idle ? null : evaluations)
        .tell(device, event);
  }
}
