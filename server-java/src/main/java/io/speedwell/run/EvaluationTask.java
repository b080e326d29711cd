package io.speedwell.run;

import io.speedwell.fleet.Device;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.MetricsBlob;
import io.speedwell.session.AcceptedResult;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.TaskKey;
import io.speedwell.session.TaskOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The evaluation of one committed model by the plan's evaluator: a task given, its result awaited
 * until a deadline; an evaluator that is lost may come back for the time of grace. Used in the
 * mailbox only.
 */
final class EvaluationTask {

  /** Hears how it ends; called once. */
  interface Ending {
    void evaluated(Evaluation evaluation);

    /** There is no evaluator, or it gave no result; why in a few words. */
    void without(String why);
  }

  private final Device device;
  private final Share share;
  private final Desk desk;
  private final Ending ending;
  private final long deadline;
  private final long graceMs;
  private long lostUntil = Long.MAX_VALUE;
  private boolean over;

  EvaluationTask(
      Device device, TaskOrder order, long deadlineMs, long graceMs, Desk desk, Ending ending) {
    this.device = device;
    this.share = new Share(order);
    this.desk = desk;
    this.ending = ending;
    this.deadline = desk.nowMs() + deadlineMs;
    this.graceMs = graceMs;
  }

  void start() {
    desk.fleet().occupy(device, share.order().key().runId());
    desk.tell(device, share.assignment());
  }

  boolean owns(Device other, TaskKey key) {
    return !over && device == other && share.order().key().equals(key);
  }

  boolean waitsFor(Device other) {
    return !over && device == other;
  }

  long deadline() {
    return over ? Long.MAX_VALUE : Math.min(deadline, lostUntil);
  }

  void tick() {
    long now = desk.nowMs();
    if (!over && now >= deadline()) {
      desk.tell(
          device,
          new SessionEvent.Cancel(share.order().key(), CancelReason.CANCEL_ROUND_OVER_VALUE));
      without(now >= deadline ? "it gave no result in time" : "it is gone");
    }
  }

  void lost() {
    lostUntil = desk.nowMs() + graceMs;
  }

  void returned() {
    lostUntil = Long.MAX_VALUE;
    desk.tell(device, share.assignment());
  }

  void refused(String why) {
    without(why);
  }

  void accepted(AcceptedResult result) {
    Map<String, Double> metrics = new TreeMap<>();
    for (MetricsBlob.Metric metric : result.metrics()) {
      metrics.put(metric.name(), (double) metric.value());
    }
    long examples = Integer.toUnsignedLong(result.numbers().examplesHeld());
    result.release();
    over = true;
    ending.evaluated(new Evaluation(share.order().key().round(), 1, examples, metrics));
  }

  /** The measurement is recorded: the evaluator is told, and idle again. */
  void recorded() {
    desk.tell(device, new SessionEvent.Committed(share.order().key()));
    desk.fleet().relieve(device);
  }

  /** Ends it without a result, unless one is being recorded; whether it did. */
  boolean giveUp() {
    if (over) {
      return false;
    }
    over = true;
    desk.tell(
        device, new SessionEvent.Cancel(share.order().key(), CancelReason.CANCEL_ROUND_OVER_VALUE));
    desk.fleet().relieve(device);
    return true;
  }

  private void without(String why) {
    over = true;
    desk.fleet().relieve(device);
    ending.without(why);
  }
}
