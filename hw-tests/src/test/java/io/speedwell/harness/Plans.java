package io.speedwell.harness;

import io.speedwell.aggregate.FedAvg;
import io.speedwell.aggregate.Strategy;
import io.speedwell.jna.DeviceTensor;
import io.speedwell.model.ElementType;
import io.speedwell.model.HeInitialiser;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.ConfigBlob;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small runs for the tests of this package. */
final class Plans {
  static final String RUN = "harness";

  /** The tensors of a small model, as the server and as a device name them. */
  static final Layout SMALL =
      Layout.of(
          new Tensor("dense.weight", List.of(4, 3), ElementType.F32, Rule.MEAN),
          new Tensor("dense.bias", List.of(4), ElementType.F32, Rule.MEAN));

  static final List<DeviceTensor> SMALL_ON_DEVICE =
      List.of(DeviceTensor.mean("dense.weight", 4, 3), DeviceTensor.mean("dense.bias", 4));

  /** The examples' network. */
  static final Layout MLP =
      Layout.of(
          new Tensor("dense1.weight", List.of(32, 64), ElementType.F32, Rule.MEAN),
          new Tensor("dense1.bias", List.of(32), ElementType.F32, Rule.MEAN),
          new Tensor("dense2.weight", List.of(10, 32), ElementType.F32, Rule.MEAN),
          new Tensor("dense2.bias", List.of(10), ElementType.F32, Rule.MEAN));

  private Plans() {}

  static RunSpec run(Layout layout, int rounds, int goal) {
    return run(
        layout,
        new Plan.Rounds(rounds, goal, 1, 0, 60_000, 10_000, Optional.empty(), 0),
        UpdateEncoding.WEIGHTS);
  }

  static RunSpec run(Layout layout, Plan.Rounds rounds, UpdateEncoding encoding) {
    return run(layout, rounds, encoding, new FedAvg(16, 65_536));
  }

  /** One device, so many rounds, with this strategy. */
  static RunSpec run(Layout layout, int rounds, Strategy strategy) {
    return run(
        layout,
        new Plan.Rounds(rounds, 1, 1, 0, 60_000, 10_000, Optional.empty(), 0),
        UpdateEncoding.WEIGHTS,
        strategy);
  }

  private static RunSpec run(
      Layout layout, Plan.Rounds rounds, UpdateEncoding encoding, Strategy strategy) {
    Plan plan =
        new Plan(
            RUN,
            new Plan.Data(0, 0, rounds.goal()),
            new Plan.Model(layout, Optional.empty()),
            new Plan.Train(
                2,
                0,
                0,
                0,
                encoding,
                Plan.Numerics.ANY,
                Map.of("lr", new ConfigBlob.F32(0.25f), "batch", new ConfigBlob.U32(8))),
            strategy,
            rounds,
            new Plan.Evaluate(Optional.empty(), 1),
            new Plan.Seeds(7));
    return new RunSpec(plan, HeInitialiser.initialise(layout, 7), RunSpec.Patience.DEFAULTS);
  }
}
