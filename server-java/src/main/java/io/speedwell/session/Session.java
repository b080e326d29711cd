package io.speedwell.session;

import io.speedwell.fleet.DeviceProfile;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.Limits;
import io.speedwell.protocol.RejectReason;
import io.speedwell.protocol.ToServer;
import java.util.List;
import java.util.Optional;

/**
 * The protocol with one device, over one connection: a pure state machine. It knows no network,
 * clock, thread or randomness; its driver owns it, calls it from one thread, never from within its
 * own actions, and does what it says, in order.
 *
 * <p>This is the connection; what is said of runs and tasks while it is open is {@link RunWork}'s.
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
  private long
      dueAt; // hello (GREETING), forced close (CLOSING), answer to a probe (OPEN; NEVER: none is
  // out)
  private int keepAliveMs;
  private long received; // bytes of frames both ways, until they are reported
  private long sent;
  private RunWork work; // from ASKING on
  private String why = "the link was lost";

  /**
   * @param id never used by another session of this server
   */
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
    Outbox out = new Outbox(received, sent);
    if (event instanceof SessionEvent.Reserved reserved) {
      if (state != State.OPEN || !work.reserved(reserved, out, nowMs)) {
        out.add(new SessionAction.Release(reserved.reservation()));
      }
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
    received = out.received();
    sent = out.sent();
    return out.actions();
  }

  /**
   * When {@link SessionEvent.Tick} is due at the latest; changes with every event; {@link #NEVER}:
   * not at all.
   */
  public long deadline() {
    return switch (state) {
      case GREETING, CLOSING -> dueAt;
      case ASKING, CLOSED -> NEVER;
      case OPEN -> Math.min(Math.min(silentAt(), dueAt), work.deadline());
    };
  }

  /**
   * Whether there are chunks to send: the driver tells {@link SessionEvent.Writable} as long as
   * this holds and the link takes bytes.
   */
  public boolean wantsToSend() {
    return state == State.OPEN && work.wantsToSend();
  }

  private void live(SessionEvent event, Outbox out, long nowMs) {
    if (event instanceof SessionEvent.Received message) {
      heard(nowMs);
      out.received(Frames.frameSize(message.message()));
      received(message.message(), out, nowMs);
    } else if (event instanceof SessionEvent.ChunkReceived chunk) {
      heard(nowMs);
      out.received(chunk.frameSize());
      String rule = state == State.OPEN ? work.chunk(chunk, out, nowMs) : tooEarly();
      if (rule != null) {
        broken(rule, out, nowMs);
      }
    } else if (event instanceof SessionEvent.UnknownMessage unknown) {
      heard(nowMs);
      if (state == State.OPEN) {
        out.send(Messages.reject(unknown.number(), RejectReason.REJECT_UNKNOWN_MESSAGE_VALUE));
      } else {
        broken(tooEarly(), out, nowMs);
      }
    } else if (event instanceof SessionEvent.Malformed malformed) {
      giveUp(ByeReason.BYE_MALFORMED, malformed.rule(), out, nowMs);
    } else if (event instanceof SessionEvent.Writable) {
      for (int i = 0; i < settings.chunksPerTurn() && wantsToSend(); i++) {
        work.sendChunk(out);
        heardAt = nowMs; // a link that takes bytes has somebody at its other end
      }
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
      broken(tooEarly(), out, nowMs);
    } else if (message.hasHello()) {
      broken("Hello comes once", out, nowMs);
    } else if (message.hasKeepAlive()) {
      if (!message.getKeepAlive().getReply()) {
        out.send(Messages.keepAlive(true));
      }
    } else if (!message.hasReject()) { // what the device does not know it does without
      String rule = work.received(message, out, nowMs);
      if (rule != null) {
        broken(rule, out, nowMs);
      }
    }
  }

  private String tooEarly() {
    return state == State.GREETING ? "Hello comes first" : "Welcome comes first";
  }

  private void hello(Hello hello, Outbox out, long nowMs) {
    Greeting.Verdict verdict = Greeting.judge(hello);
    if (verdict instanceof Greeting.Unfit unfit) {
      giveUp(unfit.reason(), unfit.detail(), out, nowMs);
      return;
    }
    DeviceProfile profile = ((Greeting.Fit) verdict).profile();
    int wish = hello.getKeepAliveMs() == 0 ? settings.keepAliveMs() : hello.getKeepAliveMs();
    keepAliveMs = Math.max(Limits.KEEP_ALIVE_MIN_MS, Math.min(Limits.KEEP_ALIVE_MAX_MS, wish));
    int frameLimit = Math.min(hello.getFrameLimit(), LARGEST_FRAME);
    work = new RunWork(id, settings, profile.kinds(), frameLimit);
    state = State.ASKING;
    out.publish(new FleetEvent.Arrived(id, profile, hello.getToken()));
  }

  // ---- the coordinator

  private void command(SessionEvent.Command command, Outbox out, long nowMs) {
    if (command instanceof SessionEvent.Bye bye) {
      bye(bye.reason(), bye.retryAfterMs(), bye.detail(), out, nowMs);
    } else if (state == State.ASKING && command instanceof SessionEvent.Admit admit) {
      state = State.OPEN;
      heardAt = nowMs;
      dueAt = NEVER;
      out.send(Messages.welcome(admit.token(), keepAliveMs, settings.frameLimit()));
      out.add(new SessionAction.FrameLimit(settings.frameLimit()));
    } else if (state == State.OPEN) {
      open(command, out, nowMs);
    }
  }

  private void open(SessionEvent.Command command, Outbox out, long nowMs) {
    if (command instanceof SessionEvent.Assign assign) {
      work.assign(assign, out);
    } else if (command instanceof SessionEvent.WrapUp wrapUp) {
      work.wrapUp(wrapUp, out);
    } else if (command instanceof SessionEvent.Cancel cancel) {
      work.cancel(cancel, out);
    } else if (command instanceof SessionEvent.Committed committed) {
      work.committed(committed, out);
    } else if (command instanceof SessionEvent.Probe && dueAt == NEVER) {
      dueAt = nowMs + Limits.PROBE_WITHIN_MS;
      out.send(Messages.keepAlive(false));
    }
  }

  // ---- time and the end

  private void tick(Outbox out, long nowMs) {
    if (nowMs < deadline()) {
      return;
    }
    if (state == State.GREETING) {
      giveUp(ByeReason.BYE_SILENT, "no Hello came", out, nowMs);
    } else if (!work.paceHeld(nowMs)) {
      giveUp(ByeReason.BYE_SILENT, "the upload came too slowly", out, nowMs);
    } else if (nowMs >= Math.min(silentAt(), dueAt)) {
      bye(ByeReason.BYE_SILENT_VALUE, 0, "nothing was heard for too long", out, nowMs);
    }
  }

  private void broken(String rule, Outbox out, long nowMs) {
    giveUp(ByeReason.BYE_PROTOCOL, rule, out, nowMs);
  }

  /** Ends the connection through the device's fault: nothing is kept for its return. */
  private void giveUp(ByeReason reason, String detail, Outbox out, long nowMs) {
    if (work != null) {
      work.drop(out);
    }
    bye(reason.getNumber(), 0, detail, out, nowMs);
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
    state = State.CLOSING;
    dueAt = nowMs + settings.closeWithinMs();
    out.add(new SessionAction.Close(false));
  }

  private void closed(Outbox out) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    if (work != null) { // else the coordinator never heard of it
      Optional<PartialUpload> partial = work.breakOff(out);
      out.publish(new FleetEvent.Gone(id, why, partial, out.takeTraffic()));
      work = null;
    }
  }
}
