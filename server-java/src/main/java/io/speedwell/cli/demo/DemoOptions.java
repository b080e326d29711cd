package io.speedwell.cli.demo;

import java.nio.file.Path;

/**
 * What was asked for. Immutable.
 *
 * @param rounds 1..1000
 * @param devices that train, 2..64; one more evaluates
 * @param seed of everything random
 * @param work folder for everything the demo writes
 * @param report where the report goes as JSON
 * @param digits the data, CSV or gzipped CSV
 * @param program speedwell-device
 */
record DemoOptions(
    int rounds, int devices, long seed, Path work, Path report, Path digits, Path program) {
  /** Passes over its rows a device makes in each round. */
  static final int EPOCHS = 2;

  static final String EVALUATOR = "evaluator";

  /** A device's id and the name of its files; index from 0. */
  static String deviceId(int index) {
    return "device-%02d".formatted(index + 1);
  }

  /** The plan the demo runs, as YAML. */
  String plan() {
    return """
    name: demo
    data: {features: %d, classes: %d, devices: %d}
    model:
      tensors:
        - {name: dense1.weight, shape: [32, 64]}
        - {name: dense1.bias, shape: [32]}
        - {name: dense2.weight, shape: [10, 32]}
        - {name: dense2.bias, shape: [10]}
    train: {epochs: %d, batch: 8, lr: 0.2}
    rounds: {count: %d, goal: %d, deadline: 5m}
    evaluate: {device: %s}
    seeds: {run: %d}
    """
        .formatted(
            Digits.FEATURES, Digits.CLASSES, devices, EPOCHS, rounds, devices, EVALUATOR, seed);
  }
}
