package io.speedwell.store;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.CountedUpdate;
import io.speedwell.run.RoundSummary;
import io.speedwell.session.Traffic;
import java.util.List;
import java.util.Random;

/** Checkpoints for tests: a function of run and round. */
final class Checkpoints {
  static final Layout LAYOUT =
      Layout.of(
          Tensor.f32("w", Rule.MEAN, 4, 5),
          Tensor.f32("own", Rule.LOCAL, 3),
          Tensor.f32("fixed", Rule.FROZEN, 2));

  private Checkpoints() {}

  static Checkpoint of(String run, int round) {
    return of(run, round, 2);
  }

  /** As every other of this round, made in another attempt. */
  static Checkpoint of(String run, int round, int attempt) {
    Random random = new Random(round);
    float[] values = new float[LAYOUT.parameterCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    byte[] state = new byte[3 * round];
    random.nextBytes(state);
    RoundSummary summary =
        round == 0
            ? RoundSummary.initial()
            : new RoundSummary(
                round,
                attempt,
                10,
                1,
                12_345_678_901L,
                0.75,
                Double.NaN,
                3,
                4,
                new RoundSummary.Phases(5, 6, 7, 8),
                new Traffic(1L << 40, 9));
    return new Checkpoint(
        0x8000_0000_0000_0000L + run.hashCode(),
        run,
        round,
        Parameters.of(LAYOUT, values),
        state,
        summary,
        round == 0
            ? List.of()
            : List.of(
                new CountedUpdate("car-1", -7, attempt, -1),
                new CountedUpdate("car-2", round, attempt, 9)));
  }
}
