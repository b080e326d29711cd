package io.speedwell.run;

import java.util.Map;

/**
 * What the evaluators measured on a committed model, as the cohort's figures. Immutable.
 *
 * @param round the committed round
 * @param devices evaluators that answered
 * @param examples examples they hold
 * @param metrics figures by name: weighted means, sums and maxima as the devices declared them
 */
public record Evaluation(int round, int devices, long examples, Map<String, Double> metrics) {
  public Evaluation {
    metrics = Map.copyOf(metrics);
  }
}
