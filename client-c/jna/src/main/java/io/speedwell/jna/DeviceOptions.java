package io.speedwell.jna;

/**
 * What a device is given besides its trainer. Immutable; the {@code with} methods copy.
 *
 * @param id 1..32 printable ASCII characters without space
 * @param frameBuffer bytes of each of its two frame buffers, at least 256
 * @param configBytes room for the run's configuration
 * @param metricsBytes room for the trainer's metrics
 * @param pipeBytes room of each direction of the pipe in memory, at least 1
 * @param seed back-off jitter and update ids
 * @param keepAliveMs wished interval; 0: the server's default
 * @param backoffFirstMs 0: the client's default
 * @param backoffMostMs 0: the client's default
 * @param conditions bit set of {@code Condition} of speedwell.proto
 * @param delta whether it can send f32 deltas besides f32 weights
 */
public record DeviceOptions(
    String id,
    int frameBuffer,
    int configBytes,
    int metricsBytes,
    int pipeBytes,
    long seed,
    int keepAliveMs,
    int backoffFirstMs,
    int backoffMostMs,
    int conditions,
    boolean delta) {

  public DeviceOptions {
    if (frameBuffer < 1 || configBytes < 0 || metricsBytes < 0 || pipeBytes < 1) {
      throw new IllegalArgumentException(
          "a buffer of device "
              + id
              + " is too small: "
              + frameBuffer
              + " frame, "
              + configBytes
              + " config, "
              + metricsBytes
              + " metrics, "
              + pipeBytes
              + " pipe");
    }
  }

  /** A device with 1,024-byte frames and room for what the protocol allows. */
  public static DeviceOptions of(String id, long seed) {
    return new DeviceOptions(id, 1024, 4096, 1024, 65_536, seed, 0, 0, 0, 0, false);
  }

  public DeviceOptions withFrameBuffer(int bytes) {
    return new DeviceOptions(
        id,
        bytes,
        configBytes,
        metricsBytes,
        pipeBytes,
        seed,
        keepAliveMs,
        backoffFirstMs,
        backoffMostMs,
        conditions,
        delta);
  }

  public DeviceOptions withPipe(int bytes) {
    return new DeviceOptions(
        id,
        frameBuffer,
        configBytes,
        metricsBytes,
        bytes,
        seed,
        keepAliveMs,
        backoffFirstMs,
        backoffMostMs,
        conditions,
        delta);
  }

  public DeviceOptions withBackoff(int firstMs, int mostMs) {
    return new DeviceOptions(
        id,
        frameBuffer,
        configBytes,
        metricsBytes,
        pipeBytes,
        seed,
        keepAliveMs,
        firstMs,
        mostMs,
        conditions,
        delta);
  }

  public DeviceOptions withKeepAlive(int ms) {
    return new DeviceOptions(
        id,
        frameBuffer,
        configBytes,
        metricsBytes,
        pipeBytes,
        seed,
        ms,
        backoffFirstMs,
        backoffMostMs,
        conditions,
        delta);
  }

  public DeviceOptions withDelta() {
    return new DeviceOptions(
        id,
        frameBuffer,
        configBytes,
        metricsBytes,
        pipeBytes,
        seed,
        keepAliveMs,
        backoffFirstMs,
        backoffMostMs,
        conditions,
        true);
  }
}
