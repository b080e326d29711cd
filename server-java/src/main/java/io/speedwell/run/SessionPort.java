package io.speedwell.run;

import io.speedwell.session.SessionEvent;

/**
 * The way from the coordinator to a session, wherever it lives. Implemented by the drivers of
 * sessions.
 */
public interface SessionPort {

  /**
   * Hands a command to a session's event loop and returns at once. Commands of one caller arrive in
   * order; those for a session that is over are dropped.
   */
  void tell(long session, SessionEvent.Command command);
}
