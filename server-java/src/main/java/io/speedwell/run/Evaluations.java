package io.speedwell.run;

import io.speedwell.fleet.Device;
import io.speedwell.protocol.TaskKind;
import io.speedwell.run.plan.Plan;
import io.speedwell.session.AcceptedResult;
import io.speedwell.session.TaskKey;
import java.util.Optional;

/**
 * The evaluations of a run, one after the other: finds the plan's evaluator, or goes on without. A
 * device that is away is waited for once; when it was missed, nobody waits for it again until it
 * has measured. Used in the mailbox only.
 */
final class Evaluations {
  private static final long NEVER = Long.MAX_VALUE;
  private static final int EVALUATES = 1 << TaskKind.TASK_KIND_EVALUATE_VALUE;

  private final RunSpec spec;
  private final Plan plan;
  private final Offers offers;
  private final Desk desk;
  private final Runnable next;
  private int round;
  private Model model;
  private EvaluationTask task; // null: none is under way
  private long awaitedUntil = NEVER;
  private boolean gathered;
  private boolean missed;
  private boolean targetReached;
  private boolean halted;

  /**
   * @param next called when a round is measured, or need not or cannot be
   */
  Evaluations(RunSpec spec, Offers offers, Desk desk, Runnable next) {
    this.spec = spec;
    this.plan = spec.plan();
    this.offers = offers;
    this.desk = desk;
    this.next = next;
  }

  /** Measures a committed round, if the plan wants it. */
  void measure(int committed, Model itsModel) {
    round = committed;
    model = itsModel;
    boolean due =
        round > 0 && (round % plan.evaluate().every() == 0 || round == plan.rounds().count());
    if (due && plan.evaluate().device().isPresent()) {
      find(plan.evaluate().device().get());
    } else {
      next.run();
    }
  }

  /** Whether the figures, as far as they are known, have reached the plan's target. */
  boolean targetReached() {
    return targetReached;
  }

  /** Looks at figures that are recorded. */
  void judge(Evaluation figures) {
    plan.rounds()
        .target()
        .ifPresent(
            target -> {
              Double figure = figures.metrics().get(target.metric());
              targetReached = figure != null && target.reached(figure);
            });
  }

  /**
   * From now on a missing evaluator is waited for no longer than its grace: the fleet has had time
   * to come.
   */
  void fleetGathered() {
    gathered = true;
  }

  private void find(String id) {
    Optional<Device> evaluator =
        desk.fleet()
            .find(id)
            .filter(Device::present)
            .filter(device -> !device.refuses(offers.terms().runId()))
            .filter(device -> device.profile().takes(EVALUATES));
    boolean busy = evaluator.filter(device -> device.busyWith() != 0).isPresent();
    long now = desk.nowMs();
    if (evaluator.isPresent() && !busy) {
      awaitNoLonger();
      begin(evaluator.get());
    } else if (missed && !busy || now >= awaitedUntil) {
      awaitNoLonger();
      goOnWithout();
    } else if (awaitedUntil == NEVER) {
      awaitedUntil = now + patienceMs(busy);
      desk.sharing().reserve(id);
    }
  }

  /** One that has a task of another run is waited for as long as a round may take. */
  private long patienceMs(boolean busy) {
    if (busy) {
      return plan.rounds().deadlineMs();
    }
    return gathered ? spec.patience().graceMs() : spec.patience().gatheringMs();
  }

  private void awaitNoLonger() {
    if (awaitedUntil != NEVER) {
      awaitedUntil = NEVER;
      desk.sharing().unreserve(plan.evaluate().device().orElseThrow());
    }
  }

  private void begin(Device evaluator) {
    task =
        new EvaluationTask(
            evaluator,
            offers.evaluate(model.blob(round), round, evaluator.id()),
            plan.rounds().deadlineMs(),
            spec.patience().graceMs(),
            desk,
            new Ending());
    task.start();
  }

  private void goOnWithout() {
    if (!missed) {
      missed = true;
      desk.listener().evaluatorGone(plan.name(), round);
    }
    next.run();
  }

  private final class Ending implements EvaluationTask.Ending {
    @Override
    public void evaluated(Evaluation figures) {
      missed = false;
      desk.storing()
          .call(
              plan.name(),
              store -> {
                store.record(plan.name(), figures);
                return figures;
              },
              Evaluations.this::recorded);
    }

    @Override
    public void without(String why) {
      task = null;
      goOnWithout();
    }
  }

  private void recorded(Evaluation figures) {
    task.recorded();
    task = null;
    desk.listener().evaluated(plan.name(), figures);
    judge(figures);
    if (!halted) {
      next.run();
    }
  }

  /** Nothing new begins. */
  void halt() {
    halted = true;
    awaitNoLonger();
  }

  /** Whether a measurement is under way, or its evaluator awaited. */
  boolean underWay() {
    return task != null || awaitedUntil != NEVER;
  }

  /** Gives up a measurement whose figures are not being recorded yet; whether it did. */
  boolean giveUp() {
    boolean given = awaitedUntil != NEVER || task != null && task.giveUp();
    if (given) {
      awaitNoLonger();
      task = null;
    }
    return given;
  }

  // ---- time and devices

  long deadline() {
    return Math.min(awaitedUntil, task == null ? NEVER : task.deadline());
  }

  void tick() {
    if (task != null) {
      task.tick();
    } else {
      fleetChanged();
    }
  }

  void fleetChanged() {
    if (awaitedUntil != NEVER) {
      find(plan.evaluate().device().orElseThrow());
    }
  }

  boolean owns(Device device, TaskKey key) {
    return task != null && task.owns(device, key);
  }

  boolean waitsFor(Device device) {
    return task != null && task.waitsFor(device);
  }

  void lost() {
    task.lost();
  }

  void returned() {
    task.returned();
  }

  void refused(String why) {
    task.refused(why);
  }

  void accepted(AcceptedResult result) {
    task.accepted(result);
  }
}
