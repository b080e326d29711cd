package io.speedwell.jna;

/**
 * What happened on a device.
 *
 * @param number its meaning depends on the kind: see {@code spw_event_kind_t}
 */
public record DeviceEvent(Kind kind, long number, String detail) {

  /** In the order of {@code spw_event_kind_t}, which begins at 1. */
  public enum Kind {
    CONNECTED,
    LOST,
    BYE,
    TASK,
    REFUSED,
    RESULT,
    ACCEPTED,
    COMMITTED,
    CANCELLED,
    MALFORMED,
    RESUMED;

    static Kind of(int number) {
      return values()[number - 1];
    }
  }
}
