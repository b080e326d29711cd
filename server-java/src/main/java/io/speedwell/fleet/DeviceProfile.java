package io.speedwell.fleet;

/**
 * What a device said of itself when it connected. Immutable.
 *
 * @param id 1..32 printable ASCII characters without space
 * @param kinds bit (1 &lt;&lt; task kind) for every kind it takes
 * @param roles bit (1 &lt;&lt; role) for every blob role it takes
 * @param encodings bit (1 &lt;&lt; encoding) for every encoding it knows
 * @param features bit set of protocol features
 * @param numerics numerics class, 0 when unknown
 * @param arena bytes a layer program may use; 0 for a trainer of its own
 * @param parameterCapacity f32 elements it can hold
 * @param conditions bit (1 &lt;&lt; condition) for every condition that holds
 */
public record DeviceProfile(
    String id,
    int kinds,
    int roles,
    int encodings,
    int features,
    int numerics,
    long arena,
    long parameterCapacity,
    int conditions) {

  /** Whether the device announced every kind in the set. */
  public boolean takes(int kindBits) {
    return (kinds & kindBits) == kindBits;
  }
}
