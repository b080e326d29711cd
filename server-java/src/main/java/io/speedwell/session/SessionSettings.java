package io.speedwell.session;

/**
 * What all sessions of a server share. Times in milliseconds.
 *
 * @param keepAliveMs interval for devices that wish none; 1,000..3,600,000
 * @param frameLimit largest frame taken after the hello, in bytes, length included; 256..1,048,576
 * @param helloWithinMs a connection that said no hello by then is closed
 * @param closeWithinMs a connection that did not take our last bytes by then is closed all the same
 * @param uploadWindowMs an upload must bring {@code uploadBytesPerSecond} in each window of this
 *     length, or loses its memory and its connection
 * @param uploadBytesPerSecond slowest upload borne
 * @param chunksPerTurn most chunks given to the link at once
 */
public record SessionSettings(
    int keepAliveMs,
    int frameLimit,
    int helloWithinMs,
    int closeWithinMs,
    int uploadWindowMs,
    int uploadBytesPerSecond,
    int chunksPerTurn) {

  public static final SessionSettings DEFAULTS =
      new SessionSettings(60_000, 65_536, 10_000, 5_000, 10_000, 64, 16);
}
