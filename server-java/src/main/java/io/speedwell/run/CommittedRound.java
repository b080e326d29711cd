package io.speedwell.run;

import java.util.OptionalLong;

/**
 * A committed round in the history of a run. Immutable.
 *
 * @param generation how often the run had been rolled back when the round was committed
 * @param summary how the round went
 * @param committedAtMs when it was committed, milliseconds since 1970 UTC
 * @param rolledBackAtMs when the run was rolled back to before it; empty: the run stands on it
 * @param kept whether its model is kept
 * @param sha256 hash of its checkpoint file, hexadecimal
 */
public record CommittedRound(
    int generation,
    RoundSummary summary,
    long committedAtMs,
    OptionalLong rolledBackAtMs,
    boolean kept,
    String sha256) {}
