package io.speedwell.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * The format of a {@code METRICS} blob: what a device measured, in order (PROTOCOL.md, section 8).
 */
public final class MetricsBlob {
  private static final String FORMAT = "metrics";

  /** How a cohort's figure is made of its devices' values. */
  public enum Kind {
    /** sum(weight * value) / sum(weight). */
    MEAN(1),
    /** The sum of the values. */
    SUM(2),
    /** The largest value. */
    MAX(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The kind as the blob carries it. */
    public int code() {
      return code;
    }
  }

  /**
   * One metric. Immutable.
   *
   * @param kind how values are brought together
   * @param name 1..32 bytes of UTF-8
   * @param value finite
   * @param weight finite, 0 or more
   */
  public record Metric(Kind kind, String name, float value, float weight) {}

  private MetricsBlob() {}

  /**
   * The bytes of metrics.
   *
   * @throws IllegalArgumentException when a name or a number is out of range, or the whole is above
   *     1,024 bytes
   */
  public static byte[] encode(List<Metric> metrics) {
    BlobOutput out = new BlobOutput(FORMAT);
    for (Metric metric : metrics) {
      if (!Float.isFinite(metric.value())
          || !Float.isFinite(metric.weight())
          || metric.weight() < 0) {
        throw new IllegalArgumentException(
            "metrics: " + metric + ": value and weight must be finite, weight 0 or more");
      }
      out.u8(metric.kind().code());
      out.text("name", metric.name(), 1, Limits.KEY_MAX);
      out.f32(metric.value());
      out.f32(metric.weight());
    }
    return out.bytes(Limits.METRICS_MAX);
  }

  /**
   * The metrics of known kinds; others are skipped.
   *
   * @throws BlobFormatException when the bytes are not metrics, or a number of a known kind is out
   *     of range
   */
  public static List<Metric> decode(byte[] blob) {
    BlobInput in = new BlobInput(FORMAT, blob);
    List<Metric> metrics = new ArrayList<>();
    while (in.nextEntry()) {
      int code = in.u8();
      String name = in.text("name", 1, Limits.KEY_MAX);
      float value = in.f32();
      float weight = in.f32();
      for (Kind kind : Kind.values()) {
        if (kind.code() == code) {
          metrics.add(checked(in, new Metric(kind, name, value, weight)));
        }
      }
    }
    if (blob.length > Limits.METRICS_MAX) {
      throw in.broken(
          "%d bytes, at most %d are allowed".formatted(blob.length, Limits.METRICS_MAX));
    }
    return List.copyOf(metrics);
  }

  private static Metric checked(BlobInput in, Metric metric) {
    if (!Float.isFinite(metric.value()) || !Float.isFinite(metric.weight())) {
      throw in.broken(
          CancelReason.CANCEL_NON_FINITE, "\"%s\" is not finite".formatted(metric.name()));
    }
    if (metric.weight() < 0) {
      throw in.broken(
          CancelReason.CANCEL_RANGE, "\"%s\" has a weight below 0".formatted(metric.name()));
    }
    return metric;
  }
}
