package io.speedwell.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plans for the device program's network. */
final class Plans {
  static final String EVALUATOR = "evaluator";

  private Plans() {}

  /**
   * Writes a plan that a fleet of so many devices runs.
   *
   * @param rounds the lines below {@code rounds:}, in braces
   * @param evaluated whether a device named {@link #EVALUATOR} measures
   */
  static Path write(Path file, int devices, String rounds, boolean evaluated) throws IOException {
    return Files.writeString(
        file,
        """
        name: e2e
        data: {features: 64, classes: 10, devices: %d}
        model:
          tensors:
            - {name: dense1.weight, shape: [32, 64]}
            - {name: dense1.bias, shape: [32]}
            - {name: dense2.weight, shape: [10, 32]}
            - {name: dense2.bias, shape: [10]}
        train: {epochs: 2, batch: 8, lr: 0.2}
        rounds: %s
        %s
        """
            .formatted(devices, rounds, evaluated ? "evaluate: {device: " + EVALUATOR + "}" : ""));
  }
}
