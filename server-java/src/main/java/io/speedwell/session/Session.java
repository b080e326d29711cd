package io.speedwell.session;

import java.util.List;

/**
 * The protocol with one device, over one connection: a pure state machine. It knows no network, clock, thread or
 * randomness; its driver owns it, calls it from one thread and does what it says, in order.
 */
public final class Session {
  /** Nothing is due. */
  public static final long NEVER = Long.MAX_VALUE;

  /** @param id never used by another session of this server */
  public Session(long id, SessionSettings settings, long nowMs) {}

  /**
   * Takes one event.
   *
   * @param nowMs time on a clock that never runs backwards
   * @return what to do, in order; often empty
   */
  public List<SessionAction> on(SessionEvent event, long nowMs) {
    return List.of();
  }

  /** When {@link SessionEvent.Tick} is due at the latest; changes with every event; {@link #NEVER}: not at all. */
  public long deadline() {
    return NEVER;
  }

  /**
   * Whether there are chunks to send: the driver tells {@link SessionEvent.Writable} as long as this holds and the link
   * takes bytes.
   */
  public boolean wantsToSend() {
    return false;
  }
}
