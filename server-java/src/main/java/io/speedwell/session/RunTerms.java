package io.speedwell.session;

import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.Encoding;
import java.util.List;

/**
 * The constants of a run as a session needs them: what {@code RunOffer} says, and what an update
 * must look like. Immutable; one object for all sessions.
 *
 * @param runId never changes in the life of a run
 * @param parameterCount f32 elements of the parameters blob
 * @param updateCount f32 elements of an update
 * @param updateEncoding what the run wants updates in
 * @param kinds bit (1 &lt;&lt; task kind) the run may ask of devices; a session offers those the
 *     device announced
 * @param features features required
 * @param numerics numerics class required; 0: any
 * @param maxExamples largest {@code examples_held} an update may claim
 * @param range bound of an update's elements, see {@link io.speedwell.model.UpdateSlab}
 * @param blobs layout and config, in the order they are offered
 */
public record RunTerms(
    long runId,
    int parameterCount,
    int updateCount,
    UpdateEncoding updateEncoding,
    int kinds,
    int features,
    int numerics,
    int maxExamples,
    float range,
    List<Blob> blobs) {
  public RunTerms {
    blobs = List.copyOf(blobs);
  }

  /** The number of {@link #updateEncoding()} on the wire. */
  int encodingNumber() {
    return updateEncoding == UpdateEncoding.DELTA
        ? Encoding.ENCODING_DELTA_F32_VALUE
        : Encoding.ENCODING_PLAIN_VALUE;
  }
}
