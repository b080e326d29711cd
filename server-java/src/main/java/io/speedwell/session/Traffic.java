package io.speedwell.session;

/**
 * Bytes of whole frames, length prefixes included.
 *
 * @param received from the device
 * @param sent to the device
 */
public record Traffic(long received, long sent) {
  public static final Traffic NONE = new Traffic(0, 0);

  public Traffic plus(Traffic other) {
    return new Traffic(received + other.received, sent + other.sent);
  }
}
