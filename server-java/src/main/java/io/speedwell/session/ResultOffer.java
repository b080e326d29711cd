package io.speedwell.session;

import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.Cause;
import io.speedwell.protocol.Limits;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.TaskKind;

/**
 * A {@code Result} as a device offers it, found to be in order: its numbers and the blobs it wants
 * to send. Immutable.
 *
 * @param partial whether it was wrapped up
 * @param update where the update stands in its lists; {@link #NONE}: nowhere
 * @param metrics where the metrics stand
 */
record ResultOffer(
    int updateId, boolean partial, ResultNumbers numbers, BlobOffer update, BlobOffer metrics) {

  /** One blob of the lists; {@code length} 0: there is none. */
  record BlobOffer(int index, int length, int crc) {}

  private static final BlobOffer NONE = new BlobOffer(-1, 0, 0);

  /** Memory the blobs need, in bytes; 0: none. */
  long bytes() {
    return (long) update.length + metrics.length;
  }

  /** Whether this is the same frozen result: bytes received for one are good for the other. */
  boolean sameAs(ResultOffer other) {
    return updateId == other.updateId
        && update.equals(other.update)
        && metrics.equals(other.metrics);
  }

  /** Whether the message may come at all; otherwise it is a protocol error. */
  static boolean wellFormed(Result result) {
    int cause = result.getCause();
    return result.getUpdateId() != 0
        && (cause == Cause.CAUSE_DONE_VALUE || cause == Cause.CAUSE_WRAPPED_UP_VALUE);
  }

  /** Reads a well-formed result for this task. */
  static Checked check(Result result, TaskOrder order) {
    ResultNumbers numbers = ResultNumbers.of(result);
    boolean train = order.kind() == TaskKind.TASK_KIND_TRAIN_VALUE;
    if (!numbers.finite()) {
      return new Unfit(CancelReason.CANCEL_NON_FINITE_VALUE);
    }
    int held = numbers.examplesHeld();
    if (train && (held < 1 || held > order.terms().maxExamples())) {
      return new Unfit(CancelReason.CANCEL_EXAMPLES_VALUE);
    }
    int count = result.getBlobRoleCount();
    int encodings = result.getBlobEncodingCount();
    if (result.getBlobLengthCount() != count
        || result.getBlobCrcCount() != count
        || encodings != 0 && encodings != count) {
      return new Unfit(CancelReason.CANCEL_BLOBS_VALUE);
    }
    BlobOffer update = NONE;
    BlobOffer metrics = NONE;
    for (int i = 0; i < count; i++) {
      int encoding = encodings == 0 ? 0 : result.getBlobEncoding(i);
      var blob = new BlobOffer(i, result.getBlobLength(i), result.getBlobCrc(i));
      int role = result.getBlobRole(i);
      if (role == Role.ROLE_UPDATE_VALUE && train && update == NONE) {
        if (encoding != order.terms().encodingNumber()) {
          return new Unfit(CancelReason.CANCEL_BLOBS_VALUE);
        }
        if (blob.length != (long) Float.BYTES * order.terms().updateCount()) {
          return new Unfit(CancelReason.CANCEL_LENGTH_VALUE);
        }
        update = blob;
      } else if (role == Role.ROLE_METRICS_VALUE && metrics == NONE && encoding == 0) {
        if (blob.length < 1 || blob.length > Limits.METRICS_MAX) {
          return new Unfit(CancelReason.CANCEL_LENGTH_VALUE);
        }
        metrics = blob;
      } else {
        return new Unfit(CancelReason.CANCEL_BLOBS_VALUE);
      }
    }
    if (train && update == NONE) {
      return new Unfit(CancelReason.CANCEL_BLOBS_VALUE);
    }
    boolean partial = result.getCause() == Cause.CAUSE_WRAPPED_UP_VALUE;
    return new Fit(new ResultOffer(result.getUpdateId(), partial, numbers, update, metrics));
  }

  /** What {@link #check} found. */
  sealed interface Checked {}

  /** The result may be uploaded. */
  record Fit(ResultOffer offer) implements Checked {}

  /** It is refused; {@code reason}: {@code CancelReason} number. */
  record Unfit(int reason) implements Checked {}
}
