package io.speedwell.session;

import io.speedwell.protocol.Result;

/**
 * What a device states of its work. Weight and work are two things: {@code examplesHeld} is the
 * weight, also of partial work; the others say what was done.
 *
 * @param examplesHeld examples the device has
 * @param examplesUsed examples it went through, with repeats; all 32 bits
 * @param steps optimiser steps; all 32 bits
 * @param workNorm |a|_1 of FedNova (Wang 2020); 0: not stated
 * @param lossBefore mean loss at the parameters received; 0: not measured
 * @param lossAfter mean loss after the work; 0: not measured
 */
public record ResultNumbers(
    int examplesHeld,
    int examplesUsed,
    int steps,
    float workNorm,
    float lossBefore,
    float lossAfter) {

  static ResultNumbers of(Result result) {
    return new ResultNumbers(
        result.getExamplesHeld(),
        result.getExamplesUsed(),
        result.getSteps(),
        result.getWorkNorm(),
        result.getLossBefore(),
        result.getLossAfter());
  }

  boolean finite() {
    return Float.isFinite(workNorm) && Float.isFinite(lossBefore) && Float.isFinite(lossAfter);
  }
}
