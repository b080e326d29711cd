package io.speedwell.run;

import io.speedwell.fleet.Device;
import io.speedwell.fleet.Fleet;
import io.speedwell.session.SessionEvent;

/** What the coordinator lends its runs. Used in its mailbox only. */
record Desk(
    Fleet fleet,
    SessionPort sessions,
    Folding folding,
    Sharing sharing,
    Storing storing,
    RunListener listener,
    Timer timer,
    Mailbox mailbox) {

  long nowMs() {
    return timer.nowMs();
  }

  /** Tells the device's session, if it is here. */
  void tell(Device device, SessionEvent.Command command) {
    if (device.present()) {
      sessions.tell(device.session(), command);
    }
  }
}
