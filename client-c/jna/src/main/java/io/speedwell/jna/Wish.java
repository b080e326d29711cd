package io.speedwell.jna;

/**
 * What a device wants next.
 *
 * @param wakeAtMs on the clock given to step, modulo 2^32
 */
public record Wish(boolean read, boolean write, boolean cpu, long wakeAtMs) {

  static Wish of(long packed) {
    return new Wish((packed & 1) != 0, (packed & 2) != 0, (packed & 4) != 0, packed >>> 32);
  }

  /** Milliseconds from now until the wake time; 0 when it has passed. */
  public long wakeInMs(long nowMs) {
    int distance = (int) (wakeAtMs - nowMs);
    return Math.max(0, distance);
  }
}
