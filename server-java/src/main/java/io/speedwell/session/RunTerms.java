package io.speedwell.session;

import java.util.List;

/**
 * The constants of a run as a session needs them: what {@code RunOffer} says, and what an update must look like.
 * Immutable; one object for all sessions.
 *
 * @param runId never changes in the life of a run
 * @param parameterCount f32 elements of the parameters blob
 * @param updateCount f32 elements of an update
 * @param updateEncoding encoding number the run wants updates in
 * @param kinds bit (1 &lt;&lt; task kind) the run may ask of devices; a session offers those the device announced
 * @param features features required
 * @param numerics numerics class required; 0: any
 * @param maxExamples largest {@code examples_held} an update may claim
 * @param maxMagnitude largest absolute value of an element of an update; infinite: any finite one
 * @param blobs layout and config, in the order they are offered
 */
public record RunTerms(
    long runId,
    int parameterCount,
    int updateCount,
    int updateEncoding,
    int kinds,
    int features,
    int numerics,
    int maxExamples,
    float maxMagnitude,
    List<Blob> blobs) {
  public RunTerms {
    blobs = List.copyOf(blobs);
  }
}
