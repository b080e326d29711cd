package io.speedwell.model.file;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import java.util.Random;

/** A model for tests: every rule, every rank, awkward values. */
final class Models {
  static final Layout LAYOUT =
      Layout.of(
          Tensor.f32("dense1.weight", Rule.MEAN, 3, 5),
          Tensor.f32("own", Rule.LOCAL, 4),
          Tensor.f32("größe", Rule.SUM, 1),
          Tensor.f32("fixed", Rule.FROZEN, 2, 1, 2, 3));

  private Models() {}

  static Parameters random(long seed) {
    Random random = new Random(seed);
    float[] values = new float[LAYOUT.parameterCount()];
    for (int i = 0; i < values.length; i++) {
      do {
        values[i] = Float.intBitsToFloat(random.nextInt());
      } while (!Float.isFinite(values[i]));
    }
    values[0] = -0f;
    values[1] = Float.MIN_VALUE;
    values[2] = Float.MAX_VALUE;
    values[3] = 0.1f;
    return Parameters.of(LAYOUT, values);
  }
}
