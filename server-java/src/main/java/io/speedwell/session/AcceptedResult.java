package io.speedwell.session;

import io.speedwell.aggregate.Contribution;
import io.speedwell.protocol.MetricsBlob;
import java.util.List;
import java.util.Optional;

/**
 * A device's result, complete and valid: numbers, metrics, and for a train task the update with the
 * memory it stands in. It has one owner at a time, who calls {@link #release()} once, after the
 * last read of the update.
 */
public final class AcceptedResult {
  private final int updateId;
  private final boolean partial;
  private final ResultNumbers numbers;
  private final Contribution update;
  private final List<MetricsBlob.Metric> metrics;
  private final Reservation reservation;

  AcceptedResult(
      int updateId,
      boolean partial,
      ResultNumbers numbers,
      Contribution update,
      List<MetricsBlob.Metric> metrics,
      Reservation reservation) {
    this.updateId = updateId;
    this.partial = partial;
    this.numbers = numbers;
    this.update = update;
    this.metrics = List.copyOf(metrics);
    this.reservation = reservation;
  }

  /** The device's number for this training; never 0. */
  public int updateId() {
    return updateId;
  }

  /** Whether the device was told to wrap up, or its limits did. */
  public boolean partial() {
    return partial;
  }

  /** Examples, steps and losses as the device states them; finite. */
  public ResultNumbers numbers() {
    return numbers;
  }

  /** The update of a train task; its values must not be read after {@link #release()}. */
  public Optional<Contribution> update() {
    return Optional.ofNullable(update);
  }

  /** What the device measured. */
  public List<MetricsBlob.Metric> metrics() {
    return metrics;
  }

  /** Gives the update's memory back to the budget; a result without blobs holds none. */
  public void release() {
    if (reservation != null) {
      reservation.release();
    }
  }
}
