package io.speedwell.simulate;

/**
 * A device as a {@link VirtualLink} sees it: something that is stepped and has one end of a byte
 * stream. The C client behind its Java binding has this very shape.
 */
public interface VirtualDevice {

  /**
   * Lets the device work for one bounded piece.
   *
   * @return when it wants to be called next, if nothing comes before; now or earlier: it has more
   *     to do
   */
  long step(long nowMs);

  /** Whether it holds its end of the stream open, or wants it opened. */
  boolean isOpen();

  /** The stream is cut or was closed by the server; bytes it has not read yet are lost. */
  void cut();

  /** How many bytes it takes now. */
  int room();

  /** Bytes arrive, at most {@link #room}. */
  void put(byte[] bytes);

  /** Takes all bytes it has sent; empty if there are none. */
  byte[] take();
}
