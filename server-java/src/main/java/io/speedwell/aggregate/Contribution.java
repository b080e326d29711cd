package io.speedwell.aggregate;

import io.speedwell.model.UpdateEncoding;

/**
 * One update, received and checked, with the numbers that came with it.
 *
 * @param values elements of the update, all finite and within the strategy's range; shared, read
 *     only, free again when the last range of it is folded
 * @param encoding what the values mean
 * @param examplesHeld examples the device has: its weight, also for partial work; at least 1
 * @param examplesUsed examples it went through, with repeats
 * @param steps optimiser steps it did
 * @param workNorm |a|_1 of FedNova (Wang 2020); 0: not stated
 */
public record Contribution(
    float[] values,
    UpdateEncoding encoding,
    int examplesHeld,
    int examplesUsed,
    int steps,
    float workNorm) {}
