package io.speedwell.harness;

/**
 * Sees what a {@link TcpDevice} and its server tell each other, on the device's thread. Bytes come
 * in order, in pieces of any length, also none.
 */
public interface Tap {

  /** Sees nothing. */
  Tap NONE = new Tap() {};

  /** A connection is there; what comes next belongs to it. */
  default void connected() {}

  /** The device hands out bytes; they are about to be written. */
  default void sent(byte[] bytes) {}

  /** Bytes of the server are there; the device is about to get them. */
  default void received(byte[] bytes) {}
}
