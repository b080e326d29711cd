package io.speedwell.session;

import io.speedwell.aggregate.Contribution;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.model.UpdateSlab;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.BlobFormatException;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.MetricsBlob;
import io.speedwell.protocol.Role;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One result on its way in: the reserved memory, what of it is filled, and the checks that run
 * while bytes come. The update comes first, then the metrics. It outlives a lost link. One owner at
 * a time.
 */
final class Upload {
  /** Nothing is wrong. */
  static final int FINE = 0;

  private final TaskOrder order;
  private final ResultOffer offer;
  private final Reservation reservation;
  private final UpdateSlab slab;
  private final ByteBuffer metrics;
  private BlobChecksum checksum;
  private boolean inMetrics;
  private int received; // of the blob in transfer

  Upload(TaskOrder order, ResultOffer offer, Reservation reservation) {
    this.order = order;
    this.offer = offer;
    this.reservation = reservation;
    this.slab = offer.update().length() == 0 ? null : slab(order);
    this.metrics = ByteBuffer.allocate(offer.metrics().length());
    begin(slab == null);
  }

  private static UpdateSlab slab(TaskOrder order) {
    RunTerms terms = order.terms();
    return terms.updateEncoding() == UpdateEncoding.DELTA
        ? UpdateSlab.delta(terms.updateCount(), terms.range())
        : UpdateSlab.weights(order.base(), terms.range());
  }

  private void begin(boolean metricsNow) {
    inMetrics = metricsNow;
    received = 0;
    TaskKey key = order.key();
    checksum =
        new BlobChecksum(
            inMetrics ? Role.ROLE_METRICS_VALUE : Role.ROLE_UPDATE_VALUE,
            inMetrics ? 0 : order.terms().encodingNumber(),
            key.runId(),
            key.round(),
            offer.updateId(),
            current().length());
  }

  private ResultOffer.BlobOffer current() {
    return inMetrics ? offer.metrics() : offer.update();
  }

  ResultOffer offer() {
    return offer;
  }

  Reservation reservation() {
    return reservation;
  }

  /** The blob to be granted now, by its place in the result's lists. */
  int index() {
    return current().index();
  }

  /** Bytes of it that are held. */
  int offset() {
    return received;
  }

  /** Bytes of it that are missing. */
  int missing() {
    return current().length() - received;
  }

  /** Whether a chunk is the one that must come next. */
  boolean expects(int index, int offset, int length) {
    return index == index() && offset == received && length > 0 && length <= missing();
  }

  /**
   * Takes the expected chunk.
   *
   * @return {@link #FINE}, or the {@code CancelReason} number of what is wrong with the result
   */
  int take(ByteBuffer chunk) {
    checksum.update(chunk.duplicate());
    int length = chunk.remaining();
    if (inMetrics) {
      metrics.put(chunk);
    } else if (!slab.write(received, chunk)) {
      return slab.fault().orElseThrow().reason() == UpdateSlab.Reason.RANGE
          ? CancelReason.CANCEL_RANGE_VALUE
          : CancelReason.CANCEL_NON_FINITE_VALUE;
    }
    received += length;
    return missing() == 0 && checksum.value() != current().crc()
        ? CancelReason.CANCEL_CHECKSUM_VALUE
        : FINE;
  }

  /** Goes on to the next blob once one is complete; false if that was the last. */
  boolean next() {
    if (inMetrics || offer.metrics().length() == 0) {
      return false;
    }
    begin(true);
    return true;
  }

  /**
   * What the device measured; once everything is complete.
   *
   * @throws BlobFormatException when the bytes are not metrics
   */
  List<MetricsBlob.Metric> metrics() {
    return metrics.capacity() == 0 ? List.of() : MetricsBlob.decode(metrics.array());
  }

  /** Hands everything over; the reservation goes with it. */
  AcceptedResult accepted(List<MetricsBlob.Metric> read) {
    return new AcceptedResult(
        offer.updateId(), offer.partial(), offer.numbers(), contribution(), read, reservation);
  }

  private Contribution contribution() {
    if (slab == null) {
      return null;
    }
    ResultNumbers n = offer.numbers();
    return new Contribution(
        slab.values(),
        order.terms().updateEncoding(),
        n.examplesHeld(),
        n.examplesUsed(),
        n.steps(),
        n.workNorm());
  }
}
