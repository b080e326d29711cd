package io.speedwell.session;

import io.speedwell.fleet.DeviceProfile;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.Limits;
import io.speedwell.protocol.Refuse;
import io.speedwell.protocol.RejectReason;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.ToServer;
import java.util.List;
import java.util.Optional;

/**
 * The protocol with one device, over one connection: a pure state machine. It knows no network, clock, thread or
 * randomness; its driver owns it, calls it from one thread, never from within its own actions, and does what it says,
 * in order.
 *
 * <p>Idle it is this object alone: {@code task} and {@code download} are null then, and a run's terms are shared.
 */
public final class Session {
  /** Nothing is due. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Larger frames save nothing, and control frames would wait behind them on a slow link. */
  private static final int LARGEST_FRAME = 65_536;

  private enum State {
    /** Nothing came yet but the connection. */
    GREETING,
    /** The coordinator is asked whether the device may come in. */
    ASKING,
    OPEN,
    /** Goodbye is said; what is still to be sent goes out. */
    CLOSING,
    CLOSED
  }

  private final long id;
  private final SessionSettings settings;
  private State state = State.GREETING;
  private long heardAt;
  private long dueAt; // hello (GREETING), forced close (CLOSING), answer to a probe (OPEN; NEVER: none is out)
  private int keepAliveMs;
  private int frameLimit = Limits.FRAME_MIN;
  private int kinds;
  private int lastHandle;
  private int lastRequest;
  private RunTerms run;
  private int runHandle;
  private boolean runReady;
  private TaskWork task;
  private Download download;
  private long received;
  private long sent;
  private boolean told; // whether the coordinator knows of this session
  private String why = "the link was lost";

  /** @param id never used by another session of this server */
  public Session(long id, SessionSettings settings, long nowMs) {
    this.id = id;
    this.settings = settings;
    this.heardAt = nowMs;
    this.dueAt = nowMs + settings.helloWithinMs();
  }

  /** What it was made with. */
  public long id() {
    return id;
  }

  /**
   * Takes one event.
   *
   * @param nowMs time on a clock that never runs backwards
   * @return what to do, in order; often empty
   */
  public List<SessionAction> on(SessionEvent event, long nowMs) {
    Outbox out = new Outbox();
    if (event instanceof SessionEvent.Reserved reserved) {
      reserved(reserved, out, nowMs);
    } else if (event instanceof SessionEvent.Closed) {
      closed(out);
    } else if (state == State.CLOSING) {
      if (nowMs >= dueAt) {
        dueAt = NEVER;
        out.add(new SessionAction.Close(true));
      }
    } else if (state != State.CLOSED) {
      live(event, out, nowMs);
    }
    sent += out.takeBytes();
    return out.actions();
  }

  /** When {@link SessionEvent.Tick} is due at the latest; changes with every event; {@link #NEVER}: not at all. */
  public long deadline() {
    return switch (state) {
      case GREETING, CLOSING -> dueAt;
      case ASKING, CLOSED -> NEVER;
      case OPEN ->
          Math.min(Math.min(silentAt(), dueAt), task == null ? NEVER : task.deadline());
    };
  }

  /**
   * Whether there are chunks to send: the driver tells {@link SessionEvent.Writable} as long as this holds and the link
   * takes bytes.
   */
  public boolean wantsToSend() {
    return state == State.OPEN && download != null && download.open();
  }

  private void live(SessionEvent event, Outbox out, long nowMs) {
    if (event instanceof SessionEvent.Received message) {
      heard(nowMs);
      received += Frames.frameSize(message.message());
      received(message.message(), out, nowMs);
    } else if (event instanceof SessionEvent.UnknownMessage unknown) {
      heard(nowMs);
      if (state == State.OPEN) {
        out.send(
            Messages.reject(unknown.number(), RejectReason.REJECT_UNKNOWN_MESSAGE_VALUE));
      } else {
        broken("Hello comes first", out, nowMs);
      }
    } else if (event instanceof SessionEvent.Malformed malformed) {
      bye(ByeReason.BYE_MALFORMED_VALUE, 0, malformed.rule(), out, nowMs);
    } else if (event instanceof SessionEvent.Writable) {
      pump(out, nowMs);
    } else if (event instanceof SessionEvent.Tick) {
      tick(out, nowMs);
    } else if (event instanceof SessionEvent.Command command) {
      command(command, out, nowMs);
    }
  }

  private void heard(long nowMs) {
    heardAt = nowMs;
    if (state == State.OPEN) {
      dueAt = NEVER;
    }
  }

  private long silentAt() {
    return heardAt + 5L * keepAliveMs / 2;
  }

  // ---- the device

  private void received(ToServer message, Outbox out, long nowMs) {
    if (message.hasBye()) {
      why = "the device said goodbye (" + ByeReason.forNumber(message.getBye().getReason()) + ")";
      close(out, nowMs);
    } else if (state == State.GREETING && message.hasHello()) {
      hello(message.getHello(), out, nowMs);
    } else if (state != State.OPEN) {
      broken(state == State.GREETING ? "Hello comes first" : "Welcome comes first", out, nowMs);
    } else {
      switch (message.getMessageCase()) {
        case RUN_READY -> runReady(message.getRunReady().getRun(), out);
        case REFUSE -> refuse(message.getRefuse(), out);
        case GRANT -> grant(message.getGrant(), out, nowMs);
        case CHUNK -> chunk(message.getChunk(), out, nowMs);
        case RESULT -> result(message.getResult(), out, nowMs);
        case KEEP_ALIVE -> {
          if (!message.getKeepAlive().getReply()) {
            out.send(Messages.keepAlive(true));
          }
        }
        case REJECT -> {} // what the device does not know it does without
        default -> broken("Hello comes once", out, nowMs);
      }
    }
  }

  private void hello(Hello hello, Outbox out, long nowMs) {
    Greeting.Verdict verdict = Greeting.judge(hello);
    if (verdict instanceof Greeting.Unfit unfit) {
      bye(unfit.reason(), 0, unfit.detail(), out, nowMs);
      return;
    }
    DeviceProfile profile = ((Greeting.Fit) verdict).profile();
    int wish = hello.getKeepAliveMs() == 0 ? settings.keepAliveMs() : hello.getKeepAliveMs();
    keepAliveMs = Math.max(Limits.KEEP_ALIVE_MIN_MS, Math.min(Limits.KEEP_ALIVE_MAX_MS, wish));
    frameLimit = Math.min(hello.getFrameLimit(), LARGEST_FRAME);
    kinds = profile.kinds();
    state = State.ASKING;
    out.publish(new FleetEvent.Arrived(id, profile, hello.getToken()));
  }

  private void runReady(int handle, Outbox out) {
    if (handle == runHandle && handle != 0) {
      runReady = true;
      giveTask(out);
    } else {
      stray(ToServer.RUN_READY_FIELD_NUMBER, handle, out);
    }
  }

  private void refuse(Refuse refuse, Outbox out) {
    int handle = refuse.getHandle();
    boolean ofRun = handle == runHandle && handle != 0;
    if (!ofRun && !isTask(handle)) {
      stray(ToServer.REFUSE_FIELD_NUMBER, handle, out);
      return;
    }
    if (ofRun) {
      forgetRun();
    }
    if (task != null) {
      TaskKey key = task.key();
      dropTask(out);
      String detail = Greeting.text(refuse.getDetail());
      out.publish(
          new FleetEvent.Refused(id, key, ofRun, refuse.getReason(), detail, takeTraffic(out)));
    }
  }

  private void grant(Grant grant, Outbox out, long nowMs) {
    int handle = grant.getHandle();
    boolean ofRun = handle == runHandle && handle != 0;
    if (!ofRun && !isTask(handle)) {
      stray(ToServer.GRANT_FIELD_NUMBER, handle, out);
      return;
    }
    List<Blob> blobs = ofRun ? run.blobs() : task.order().blobs();
    int index = grant.getBlob();
    int offset = grant.getOffset();
    int length = grant.getLength();
    if (!TaskWork.within(blobs, index, offset, length)) {
      broken("Grant: beyond the blob", out, nowMs);
    } else if (download != null && download.isOf(handle, index)) {
      if (!download.extend(offset, length)) {
        broken("Grant: offset beyond what was sent", out, nowMs);
      }
    } else if (download != null && !download.complete() && download.handle() == handle) {
      broken("Grant: another blob is in transfer", out, nowMs);
    } else {
      download = Download.start(handle, index, blobs.get(index), offset, length);
    }
  }

  private void chunk(Chunk chunk, Outbox out, long nowMs) {
    if (isTask(chunk.getHandle())) {
      step(
          task.chunk(
              chunk.getBlob(), chunk.getOffset(), chunk.getData().asReadOnlyByteBuffer(), nowMs),
          out,
          nowMs);
    } // else it crossed a Cancel
  }

  private void result(Result result, Outbox out, long nowMs) {
    int handle = result.getHandle();
    if (isTask(handle)) {
      TaskWork.Step step = task.result(result, lastRequest + 1, out, nowMs);
      if (step instanceof TaskWork.Known) {
        out.send(Messages.accepted(handle, result.getUpdateId())); // the first one counts
      } else {
        step(step, out, nowMs);
      }
    } else if (wasGiven(handle)) {
      out.send(Messages.cancel(handle, CancelReason.CANCEL_ROUND_OVER_VALUE));
    } else {
      stray(ToServer.RESULT_FIELD_NUMBER, handle, out);
    }
  }

  private void step(TaskWork.Step step, Outbox out, long nowMs) {
    int handle = task.handle();
    if (step instanceof TaskWork.Broken broken) {
      broken(broken.rule(), out, nowMs);
    } else if (step instanceof TaskWork.Unfit unfit) {
      TaskKey key = task.key();
      out.send(Messages.cancel(handle, unfit.reason()));
      dropTask(out);
      out.publish(new FleetEvent.Rejected(id, key, unfit.reason(), takeTraffic(out)));
    } else if (step instanceof TaskWork.Need need) {
      lastRequest++;
      out.add(new SessionAction.Reserve(lastRequest, need.bytes()));
    } else if (step instanceof TaskWork.Credit credit) {
      out.send(Messages.grant(handle, credit.index(), credit.offset(), credit.length()));
    } else if (step instanceof TaskWork.Complete complete) {
      out.send(Messages.accepted(handle, complete.result().updateId()));
      out.publish(new FleetEvent.Accepted(id, task.key(), complete.result(), takeTraffic(out)));
    }
  }

  private boolean isTask(int handle) {
    return task != null && handle != 0 && task.handle() == handle;
  }

  private boolean wasGiven(int handle) {
    return handle > 0 && handle <= lastHandle;
  }

  /** A message for a handle that is over crossed our Cancel on its way; one never given is rejected. */
  private void stray(int message, int handle, Outbox out) {
    if (!wasGiven(handle)) {
      out.send(Messages.reject(message, RejectReason.REJECT_UNKNOWN_HANDLE_VALUE));
    }
  }

  // ---- the update budget

  private void reserved(SessionEvent.Reserved reserved, Outbox out, long nowMs) {
    TaskWork.Step step =
        state == State.OPEN && task != null
            ? task.reserved(reserved.number(), reserved.reservation(), nowMs)
            : null;
    if (step == null) {
      out.add(new SessionAction.Release(reserved.reservation()));
    } else {
      step(step, out, nowMs);
    }
  }

  // ---- the coordinator

  private void command(SessionEvent.Command command, Outbox out, long nowMs) {
    if (command instanceof SessionEvent.Bye bye) {
      bye(bye.reason(), bye.retryAfterMs(), bye.detail(), out, nowMs);
    } else if (state == State.ASKING) {
      if (command instanceof SessionEvent.Admit admit) {
        state = State.OPEN;
        heardAt = nowMs;
        dueAt = NEVER;
        out.send(Messages.welcome(admit.token(), keepAliveMs, settings.frameLimit()));
        out.add(new SessionAction.FrameLimit(settings.frameLimit()));
      }
    } else if (state == State.OPEN) {
      open(command, out, nowMs);
    }
  }

  private void open(SessionEvent.Command command, Outbox out, long nowMs) {
    if (command instanceof SessionEvent.Assign assign) {
      assign(assign, out);
    } else if (command instanceof SessionEvent.Probe) {
      if (dueAt == NEVER) {
        dueAt = nowMs + Limits.PROBE_WITHIN_MS;
        out.send(Messages.keepAlive(false));
      }
    } else if (command instanceof SessionEvent.WrapUp wrapUp) {
      if (holds(wrapUp.task()) && task.inTraining()) {
        out.send(Messages.wrapUp(task.handle(), wrapUp.withinMs()));
      }
    } else if (command instanceof SessionEvent.Cancel cancel) {
      if (holds(cancel.task())) {
        if (task.handle() != 0) {
          out.send(Messages.cancel(task.handle(), cancel.reason()));
        }
        dropTask(out);
      }
    } else if (command instanceof SessionEvent.Committed committed && holds(committed.task())) {
      if (task.handle() != 0) {
        out.send(Messages.committed(task.handle(), committed.task().round()));
      }
      dropTask(out);
    }
  }

  private boolean holds(TaskKey key) {
    return task != null && task.key().equals(key);
  }

  private void assign(SessionEvent.Assign assign, Outbox out) {
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

  private void pump(Outbox out, long nowMs) {
    for (int i = 0; i < settings.chunksPerTurn() && wantsToSend(); i++) {
      out.chunk(download.chunk(frameLimit));
      heardAt = nowMs; // a link that takes bytes has somebody at its other end
    }
    if (download != null && download.complete()) {
      boolean ofTask = isTask(download.handle());
      int index = download.index();
      if (ofTask && task.sent(index)) {
        out.publish(new FleetEvent.Began(id, task.key()));
      }
    }
  }

  private void tick(Outbox out, long nowMs) {
    if (nowMs < deadline()) {
      return;
    }
    if (state == State.GREETING) {
      bye(ByeReason.BYE_SILENT_VALUE, 0, "no Hello came", out, nowMs);
    } else if (task != null && !task.paceHeld(nowMs)) {
      task.drop(out);
      bye(ByeReason.BYE_SILENT_VALUE, 0, "the upload came too slowly", out, nowMs);
    } else if (nowMs >= Math.min(silentAt(), dueAt)) {
      bye(ByeReason.BYE_SILENT_VALUE, 0, "nothing was heard for too long", out, nowMs);
    }
  }

  private void broken(String rule, Outbox out, long nowMs) {
    bye(ByeReason.BYE_PROTOCOL_VALUE, 0, rule, out, nowMs);
  }

  private void bye(int reason, int retryAfterMs, String detail, Outbox out, long nowMs) {
    why = ByeReason.forNumber(reason) + (detail.isEmpty() ? "" : ": " + detail);
    out.send(Messages.bye(reason, retryAfterMs, detail));
    close(out, nowMs);
    if (reason == ByeReason.BYE_REPLACED_VALUE) {
      dueAt = NEVER;
      out.add(new SessionAction.Close(true)); // the device waits on its other connection
    }
  }

  private void close(Outbox out, long nowMs) {
    told = state == State.ASKING || state == State.OPEN;
    state = State.CLOSING;
    dueAt = nowMs + settings.closeWithinMs();
    download = null;
    out.add(new SessionAction.Close(false));
  }

  private void closed(Outbox out) {
    if (state == State.CLOSED) {
      return;
    }
    boolean known = told || state == State.ASKING || state == State.OPEN;
    state = State.CLOSED;
    download = null;
    run = null;
    Optional<PartialUpload> partial = Optional.empty();
    if (task != null) {
      partial = task.breakOff();
      task.drop(out);
      task = null;
    }
    if (known) {
      out.publish(new FleetEvent.Gone(id, why, partial, takeTraffic(out)));
    }
  }

  /** Bytes since this was asked last. */
  private Traffic takeTraffic(Outbox out) {
    Traffic traffic = new Traffic(received, sent + out.takeBytes());
    received = 0;
    sent = 0;
    return traffic;
  }
}
