package io.speedwell.gateway;

import io.speedwell.session.FleetEvent;

/**
 * Where sessions publish: the coordinator's mailbox. Called from every event loop; never blocks.
 */
public interface FleetEvents {

  /**
   * Takes an event.
   *
   * @return false when the mailbox is fuller than it should be: its session's link is then not read
   *     until {@link #whenRoom} calls back
   */
  boolean publish(FleetEvent event);

  /** Calls back, on any thread, once there is room; at once if there is. */
  void whenRoom(Runnable room);
}
