package io.speedwell.run;

import io.speedwell.session.AcceptedResult;
import io.speedwell.session.PartialUpload;
import io.speedwell.session.Resume;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.TaskKey;
import io.speedwell.session.TaskOrder;
import java.util.Optional;

/**
 * One device's part of a round or an evaluation: its order, and what is kept of its result. Used in
 * the mailbox only.
 */
final class Share {
  private final TaskOrder order;
  private AcceptedResult result;
  private int acceptedUpdateId;
  private PartialUpload partial;
  private long partialUntil = Long.MAX_VALUE;

  Share(TaskOrder order) {
    this.order = order;
  }

  TaskOrder order() {
    return order;
  }

  /** The command that gives the device its task, with what is known of it. */
  SessionEvent.Assign assignment() {
    return new SessionEvent.Assign(
        order, new Resume(acceptedUpdateId, Optional.ofNullable(partial)));
  }

  /** Keeps a result until it is {@link #count counted} or {@link #drop dropped}. */
  void keep(AcceptedResult accepted) {
    result = accepted;
    forgetPartial();
  }

  /** The kept result counts: hands it over. */
  AcceptedResult count() {
    AcceptedResult counted = result;
    result = null;
    acceptedUpdateId = counted.updateId();
    return counted;
  }

  /** The kept result does not count. */
  void drop() {
    result.release();
    result = null;
  }

  /** Whether a result was counted. */
  boolean counted() {
    return acceptedUpdateId != 0;
  }

  /** What of the device was {@link #counted}. */
  CountedUpdate countedUpdate(String device) {
    TaskKey key = order.key();
    return new CountedUpdate(device, key.task(), key.attempt(), acceptedUpdateId);
  }

  /** Keeps an upload that broke off, until the time. */
  void keep(PartialUpload upload, long untilMs) {
    forgetPartial();
    partial = upload;
    partialUntil = untilMs;
  }

  /** When the kept upload is to be given up; {@link Long#MAX_VALUE}: none is kept. */
  long partialUntil() {
    return partialUntil;
  }

  /** Gives up the kept upload if its time is over; true if none is kept then. */
  boolean forgottenBy(long nowMs) {
    if (partialUntil <= nowMs) {
      forgetPartial();
    }
    return partial == null;
  }

  /** Gives up the kept upload, unless a session has taken it. */
  void forgetPartial() {
    if (partial != null) {
      partial.discard();
      partial = null;
    }
    partialUntil = Long.MAX_VALUE;
  }
}
