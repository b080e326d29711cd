package io.speedwell.round;

/**
 * How a round went, so far or in the end. Losses belong to the cohort, never to a device.
 *
 * @param devices results that count
 * @param partial how many of them are partial
 * @param examples examples held by the devices that count
 * @param lossBefore their weighted mean loss at the base model; NaN: not measured
 * @param lossAfter after their work; NaN: not measured
 * @param refused devices that refused or gave an unfit result
 * @param lost devices lost and not counted
 * @param selectingMs from the start to the first task
 * @param configuringMs to the first device at work
 * @param collectingMs to the last result that counts
 * @param foldingMs to the next model
 */
public record RoundCount(
    int devices,
    int partial,
    long examples,
    double lossBefore,
    double lossAfter,
    int refused,
    int lost,
    long selectingMs,
    long configuringMs,
    long collectingMs,
    long foldingMs) {}
