package io.speedwell.run;

import io.speedwell.session.Traffic;

/**
 * How a committed round went. Losses are weighted sums over the cohort; nothing here belongs to one
 * device. Immutable.
 *
 * @param round from 1; 0 is the initial model, with zeros everywhere
 * @param attempt from 1
 * @param devices updates counted
 * @param partial how many of them were partial
 * @param examples examples held by the devices counted
 * @param lossBefore mean loss over these examples at the base model; NaN: no device measured it
 * @param lossAfter mean loss after local training; NaN: no device measured it
 * @param refused devices that refused, or whose result was refused
 * @param lost devices lost and not counted
 * @param phases time of each phase
 * @param traffic bytes on the devices' connections in this round, both ways
 */
public record RoundSummary(
    int round,
    int attempt,
    int devices,
    int partial,
    long examples,
    double lossBefore,
    double lossAfter,
    int refused,
    int lost,
    Phases phases,
    Traffic traffic) {

  /** Milliseconds of each phase of a round. */
  public record Phases(long selecting, long configuring, long collecting, long folding) {
    public long total() {
      return selecting + configuring + collecting + folding;
    }
  }

  /** The row of a run's initial model. */
  public static RoundSummary initial() {
    return new RoundSummary(
        0, 1, 0, 0, 0, Double.NaN, Double.NaN, 0, 0, new Phases(0, 0, 0, 0), Traffic.NONE);
  }
}
