package io.speedwell.session;

import io.speedwell.fleet.DeviceProfile;
import java.util.Optional;

/**
 * What a session tells the coordinator. Immutable but for the handles, which have one owner at a
 * time.
 */
public sealed interface FleetEvent {

  /** The session that speaks; an id is never used twice in the life of a server. */
  long session();

  /** It speaks of a task. */
  sealed interface OfTask extends FleetEvent {
    TaskKey task();
  }

  /**
   * A device said hello and speaks our version; answer with {@code Admit} or {@code Bye}.
   *
   * @param token of its last connection; 0: none
   */
  record Arrived(long session, DeviceProfile profile, long token) implements FleetEvent {}

  /**
   * The device holds all of the task's blobs as far as the server can tell: their last byte was
   * sent.
   */
  record Began(long session, TaskKey task) implements OfTask {}

  /**
   * The device will not do the task.
   *
   * @param wholeRun true: it refused the run itself, and will again
   * @param reason {@code RefuseReason} number
   * @param detail as the device gave it, printable ASCII, at most 64 characters
   */
  record Refused(
      long session, TaskKey task, boolean wholeRun, int reason, String detail, Traffic traffic)
      implements OfTask {}

  /**
   * The server did not take the device's result.
   *
   * @param reason {@code CancelReason} number
   */
  record Rejected(long session, TaskKey task, int reason, Traffic traffic) implements OfTask {}

  /** A result is complete, valid and held in memory; the receiver owns it and must release it. */
  record Accepted(long session, TaskKey task, AcceptedResult result, Traffic traffic)
      implements OfTask {}

  /**
   * The session is over; nothing follows.
   *
   * @param why in a few words, for the log
   * @param partial an upload that broke off; the receiver owns it and gives it back with the same
   *     task, or discards it
   */
  record Gone(long session, String why, Optional<PartialUpload> partial, Traffic traffic)
      implements FleetEvent {}
}
