package io.speedwell.session;

import java.util.List;

/**
 * One task for one device. Limits of 0 are none. Immutable.
 *
 * @param key what the task is known by
 * @param terms the run it belongs to
 * @param kind task kind number
 * @param seed the device's seed for this task
 * @param maxEpochs largest number of passes over the device's examples
 * @param maxSteps largest number of optimiser steps
 * @param maxExamples largest number of examples to use
 * @param maxMs time from the receipt of the task, in milliseconds
 * @param split which of its data the device is to use
 * @param phase phase of a training of several phases
 * @param blobs the parameters, and what else the task brings
 * @param base the values an update replaces, in the update's order; shared, read only; null for a
 *     task without update
 */
public record TaskOrder(
    TaskKey key,
    RunTerms terms,
    int kind,
    long seed,
    int maxEpochs,
    int maxSteps,
    int maxExamples,
    int maxMs,
    int split,
    int phase,
    List<Blob> blobs,
    float[] base) {
  public TaskOrder {
    blobs = List.copyOf(blobs);
  }
}
