package io.speedwell.gateway;

/**
 * How many connections a gateway takes. Immutable.
 *
 * @param total most connections at once, of whatever kind; at least 1
 * @param perAddress most connections at once from one address; 0: no limit, because the devices
 *     behind one NAT share their address
 * @param strangersPerAddress most connections at once from one address that have not said hello; at
 *     least 1. A device is a stranger for one round trip only
 * @param acceptsPerSecond most connections taken in a second; more wait in the system's queue; at
 *     least 1
 */
public record ConnectionLimits(
    int total, int perAddress, int strangersPerAddress, int acceptsPerSecond) {

  public static final ConnectionLimits DEFAULTS = new ConnectionLimits(16_384, 0, 4_096, 2_000);

  public ConnectionLimits {
    if (total < 1 || perAddress < 0 || strangersPerAddress < 1 || acceptsPerSecond < 1) {
      throw new IllegalArgumentException(
          "connection limits out of range: %d in all, %d of one address, %d strangers, %d a second"
              .formatted(total, perAddress, strangersPerAddress, acceptsPerSecond));
    }
  }
}
