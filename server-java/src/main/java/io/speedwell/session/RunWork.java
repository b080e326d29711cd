package io.speedwell.session;

import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Refuse;
import io.speedwell.protocol.RejectReason;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.ToServer;
import java.util.List;
import java.util.Optional;

/**
 * Run and task within an open session: offers, handles, the download and the one {@link TaskWork}.
 * What the device must not do is returned as the rule it broke; null: all is well. Owned by its
 * session.
 *
 * <p>Idle it is this object alone: {@code task} and {@code download} are null then, and a run's
 * terms are shared.
 */
final class RunWork {
  private final long session;
  private final SessionSettings settings;
  private final int kinds;
  private final int frameLimit;
  private int lastHandle;
  private int lastRequest;
  private RunTerms run;
  private int runHandle;
  private boolean runReady;
  private TaskWork task;
  private Download download;

  /**
   * @param session id, to publish under
   * @param kinds the device announced
   * @param frameLimit largest frame the device gets
   */
  RunWork(long session, SessionSettings settings, int kinds, int frameLimit) {
    this.session = session;
    this.settings = settings;
    this.kinds = kinds;
    this.frameLimit = frameLimit;
  }

  // ---- the device

  /** A message about a run or a task, other than a chunk. */
  String received(ToServer message, Outbox out, long nowMs) {
    return switch (message.getMessageCase()) {
      case RUN_READY -> runReady(message.getRunReady().getRun(), out);
      case REFUSE -> refuse(message.getRefuse(), out);
      case GRANT -> grant(message.getGrant(), out);
      case RESULT -> result(message.getResult(), out, nowMs);
      default -> throw new IllegalArgumentException("not about a run: " + message.getMessageCase());
    };
  }

  private String runReady(int handle, Outbox out) {
    if (isRun(handle)) {
      runReady = true;
      giveTask(out);
      return null;
    }
    return stray(ToServer.RUN_READY_FIELD_NUMBER, handle, out);
  }

  private String refuse(Refuse refuse, Outbox out) {
    int handle = refuse.getHandle();
    boolean ofRun = isRun(handle);
    if (!ofRun && !isTask(handle)) {
      return stray(ToServer.REFUSE_FIELD_NUMBER, handle, out);
    }
    if (ofRun) {
      forgetRun();
    }
    if (task != null) {
      TaskKey key = task.key();
      dropTask(out);
      String detail = Greeting.text(refuse.getDetail());
      out.publish(
          new FleetEvent.Refused(
              session, key, ofRun, refuse.getReason(), detail, out.takeTraffic()));
    }
    return null;
  }

  private String grant(Grant grant, Outbox out) {
    int handle = grant.getHandle();
    if (!isRun(handle) && !isTask(handle)) {
      return stray(ToServer.GRANT_FIELD_NUMBER, handle, out);
    }
    List<Blob> blobs = isRun(handle) ? run.blobs() : task.order().blobs();
    int index = grant.getBlob();
    int offset = grant.getOffset();
    int length = grant.getLength();
    if (!TaskWork.within(blobs, index, offset, length)) {
      return "Grant: beyond the blob";
    }
    if (download != null && download.isOf(handle, index)) {
      return download.extend(offset, length) ? null : "Grant: offset beyond what was sent";
    }
    if (download != null && !download.complete() && download.handle() == handle) {
      return "Grant: another blob is in transfer";
    }
    download = Download.start(handle, index, blobs.get(index), offset, length);
    return null;
  }

  /** Bytes of an upload. */
  String chunk(SessionEvent.ChunkReceived chunk, Outbox out, long nowMs) {
    if (!isTask(chunk.handle())) {
      return null; // it crossed a Cancel
    }
    return step(task.chunk(chunk.blob(), chunk.offset(), chunk.data(), nowMs), out);
  }

  private String result(Result result, Outbox out, long nowMs) {
    int handle = result.getHandle();
    if (isTask(handle)) {
      TaskWork.Step step = task.result(result, lastRequest + 1, out, nowMs);
      if (step instanceof TaskWork.Known) {
        out.send(Messages.accepted(handle, result.getUpdateId())); // the first one counts
        return null;
      }
      return step(step, out);
    }
    if (wasGiven(handle)) {
      out.send(Messages.cancel(handle, CancelReason.CANCEL_ROUND_OVER_VALUE));
      return null;
    }
    return stray(ToServer.RESULT_FIELD_NUMBER, handle, out);
  }

  private String step(TaskWork.Step step, Outbox out) {
    int handle = task.handle();
    if (step instanceof TaskWork.Broken broken) {
      return broken.rule();
    }
    if (step instanceof TaskWork.Unfit unfit) {
      TaskKey key = task.key();
      out.send(Messages.cancel(handle, unfit.reason()));
      dropTask(out);
      out.publish(new FleetEvent.Rejected(session, key, unfit.reason(), out.takeTraffic()));
    } else if (step instanceof TaskWork.Need need) {
      lastRequest++;
      out.add(new SessionAction.Reserve(lastRequest, need.bytes()));
    } else if (step instanceof TaskWork.Credit credit) {
      out.send(Messages.grant(handle, credit.index(), credit.offset(), credit.length()));
    } else if (step instanceof TaskWork.Complete complete) {
      out.send(Messages.accepted(handle, complete.result().updateId()));
      out.publish(
          new FleetEvent.Accepted(session, task.key(), complete.result(), out.takeTraffic()));
    }
    return null;
  }

  private boolean isRun(int handle) {
    return handle != 0 && handle == runHandle;
  }

  private boolean isTask(int handle) {
    return task != null && handle != 0 && task.handle() == handle;
  }

  private boolean wasGiven(int handle) {
    return handle > 0 && handle <= lastHandle;
  }

  /**
   * A message for a handle that is over crossed our Cancel on its way; one never given is rejected.
   */
  private String stray(int message, int handle, Outbox out) {
    if (!wasGiven(handle)) {
      out.send(Messages.reject(message, RejectReason.REJECT_UNKNOWN_HANDLE_VALUE));
    }
    return null;
  }

  // ---- the coordinator and the update budget

  void assign(SessionEvent.Assign assign, Outbox out) {
    dropTask(out);
    task = new TaskWork(assign.order(), assign.resume(), settings);
    if (run != assign.order().terms()) {
      run = assign.order().terms();
      runHandle = ++lastHandle;
      runReady = false;
      download = null;
      out.send(Messages.runOffer(runHandle, run, kinds));
    }
    giveTask(out);
  }

  void wrapUp(SessionEvent.WrapUp wrapUp, Outbox out) {
    if (holds(wrapUp.task()) && task.inTraining()) {
      out.send(Messages.wrapUp(task.handle(), wrapUp.withinMs()));
    }
  }

  void cancel(SessionEvent.Cancel cancel, Outbox out) {
    if (holds(cancel.task())) {
      if (task.handle() != 0) {
        out.send(Messages.cancel(task.handle(), cancel.reason()));
      }
      dropTask(out);
    }
  }

  void committed(SessionEvent.Committed committed, Outbox out) {
    if (holds(committed.task())) {
      if (task.handle() != 0) {
        out.send(Messages.committed(task.handle(), committed.task().round()));
      }
      dropTask(out);
    }
  }

  /** Takes memory; false if it is not waited for any more, and stays the caller's. */
  boolean reserved(SessionEvent.Reserved reserved, Outbox out, long nowMs) {
    TaskWork.Step step =
        task == null ? null : task.reserved(reserved.number(), reserved.reservation(), nowMs);
    if (step != null) {
      step(step, out);
    }
    return step != null;
  }

  private boolean holds(TaskKey key) {
    return task != null && task.key().equals(key);
  }

  private void giveTask(Outbox out) {
    if (runReady && task != null && task.handle() == 0) {
      task.given(++lastHandle);
      out.send(Messages.task(task.handle(), runHandle, task.order()));
    }
  }

  private void dropTask(Outbox out) {
    if (task != null) {
      task.drop(out);
      if (download != null && download.handle() == task.handle()) {
        download = null;
      }
      task = null;
    }
  }

  private void forgetRun() {
    if (download != null && download.handle() == runHandle) {
      download = null;
    }
    run = null;
    runHandle = 0;
    runReady = false;
  }

  // ---- the link

  /** Whether there are chunks to send. */
  boolean wantsToSend() {
    return download != null && download.open();
  }

  /** Gives the link the next chunk; while {@link #wantsToSend()}. */
  void sendChunk(Outbox out) {
    out.chunk(download.chunk(frameLimit));
    if (download.complete() && isTask(download.handle()) && task.sent(download.index())) {
      out.publish(new FleetEvent.Began(session, task.key()));
    }
  }

  /** When the pace of an upload is judged next. */
  long deadline() {
    return task == null ? Session.NEVER : task.deadline();
  }

  /** Judges the pace of an upload when it is due: false if too few bytes came. */
  boolean paceHeld(long nowMs) {
    return task == null || task.paceHeld(nowMs);
  }

  /** Gives up what is waited for or held; nothing is sent any more. */
  void drop(Outbox out) {
    dropTask(out);
  }

  /** The link is lost: hands over an upload it broke off, gives up everything else. */
  Optional<PartialUpload> breakOff(Outbox out) {
    Optional<PartialUpload> partial = task == null ? Optional.empty() : task.breakOff();
    dropTask(out);
    return partial;
  }
}
