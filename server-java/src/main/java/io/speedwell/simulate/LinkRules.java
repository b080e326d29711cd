package io.speedwell.simulate;

/**
 * What a link does to its bytes.
 *
 * @param latencyMs one way, 0 or more
 * @param sliceMs how long one piece of a busy device's work takes, 1 or more
 * @param longestPiece bytes arrive in pieces of 1..longestPiece, drawn; 0: as they were sent
 * @param cutToServerAfter the link is cut once, when so many bytes have come from the device; 0:
 *     never
 * @param cutToDeviceAfter likewise for bytes to the device
 * @param seed of what is drawn
 */
public record LinkRules(
    long latencyMs,
    long sliceMs,
    int longestPiece,
    long cutToServerAfter,
    long cutToDeviceAfter,
    long seed) {

  /** Whole writes, a millisecond each way, never cut. */
  public static final LinkRules PLAIN = new LinkRules(1, 1, 0, 0, 0, 0);
}
