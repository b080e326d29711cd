package io.speedwell.session;

/**
 * One figure a device measured.
 *
 * @param kind 1 = mean, 2 = sum, 3 = max
 * @param name 1..32 bytes
 * @param value finite
 * @param weight finite, 0 or more
 */
public record Metric(int kind, String name, float value, float weight) {}
