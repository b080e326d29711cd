package io.speedwell.bench;

import io.speedwell.aggregate.FedAvg;
import io.speedwell.harness.SimulatedDevice;
import io.speedwell.jna.DeviceModel;
import io.speedwell.jna.DeviceOptions;
import io.speedwell.jna.DeviceResult;
import io.speedwell.jna.DeviceTask;
import io.speedwell.jna.DeviceTensor;
import io.speedwell.jna.DeviceTrainer;
import io.speedwell.jna.JavaTrainer;
import io.speedwell.jna.NativeDevice;
import io.speedwell.model.ElementType;
import io.speedwell.model.HeInitialiser;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.ConfigBlob;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import io.speedwell.simulate.LinkRules;
import io.speedwell.simulate.MemoryStore;
import io.speedwell.simulate.Simulation;
import io.speedwell.simulate.VirtualLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the protocol costs: bytes on a device's connection, both directions, beyond the 2 x 4 x P
 * bytes of a training round, and of an idle device. Counted on the C client's link to the
 * production sessions in virtual time, so the figures are exact and repeat.
 */
public final class OverheadBench {
  private static final int ROUNDS = 12;
  private static final int FIRST =
      2; // the first rounds carry hello, run offer and configuration as well

  /** Bytes beyond the weights of one training round. */
  public static double perRound(int parameters, int frame) {
    Layout layout =
        Layout.of(new Tensor("weights", List.of(parameters), ElementType.F32, Rule.MEAN));
    Plan plan =
        new Plan(
            "overhead",
            new Plan.Data(0, 0, 1),
            new Plan.Model(layout, Optional.empty()),
            new Plan.Train(
                2,
                0,
                0,
                0,
                UpdateEncoding.WEIGHTS,
                Plan.Numerics.ANY,
                Map.of("lr", new ConfigBlob.F32(0.25f))),
            new FedAvg(16, 65_536),
            new Plan.Rounds(ROUNDS, 1, 1, 0, 60_000, 10_000, Optional.empty(), 0),
            new Plan.Evaluate(Optional.empty(), 1),
            new Plan.Seeds(1));
    List<Long> bytes = new ArrayList<>();
    VirtualLink[] link = new VirtualLink[1];
    Simulation simulation =
        Simulation.of(
            1,
            new MemoryStore(),
            new RunListener() {
              @Override
              public void roundStarted(String run, int round, int attempt, int devices) {
                bytes.add(link[0].bytesToServer() + link[0].bytesToDevice());
              }
            });
    link[0] =
        simulation.attach(
            "device", new SimulatedDevice(device(parameters, frame)), LinkRules.PLAIN);
    simulation.start(
        new RunSpec(plan, HeInitialiser.initialise(layout, 1), RunSpec.Patience.DEFAULTS));
    simulation.runUntil(() -> bytes.size() == ROUNDS, 3_600_000);
    int counted = ROUNDS - 1 - FIRST;
    return (bytes.get(ROUNDS - 1) - bytes.get(FIRST)) / (double) counted - 8.0 * parameters;
  }

  /** Bytes per second of a device nobody asks for anything, over ten minutes. */
  public static double idle() {
    Simulation simulation = Simulation.of(1, new MemoryStore(), RunListener.NONE);
    VirtualLink link =
        simulation.attach("device", new SimulatedDevice(device(1, 256)), LinkRules.PLAIN);
    simulation.runFor(10_000);
    long before = link.bytesToServer() + link.bytesToDevice();
    simulation.runFor(600_000);
    return (link.bytesToServer() + link.bytesToDevice() - before) / 600.0;
  }

  private static NativeDevice device(int parameters, int frame) {
    DeviceModel model = new DeviceModel(List.of(DeviceTensor.mean("weights", parameters)));
    DeviceTrainer trainer =
        new DeviceTrainer() {
          @Override
          public boolean begin(DeviceTask task) {
            return true;
          }

          @Override
          public Step step(boolean wrapUp) {
            return Step.DONE;
          }

          @Override
          public void finish(Cause cause, DeviceResult result) {
            result.set(180, 360, 46, 46, 1.5f, 0.5f);
          }
        };
    return new NativeDevice(
        DeviceOptions.of("device", 1).withFrameBuffer(frame), new JavaTrainer(model, trainer));
  }

  private OverheadBench() {}

  /** Prints the table. */
  public static void main(String[] arguments) {
    System.out.println(
        "| parameters | frame, bytes | bytes beyond 8 P per round | 128 + 0.5 % of 8 P |");
    System.out.println("|---|---|---|---|");
    for (int parameters : new int[] {2_410, 100_000}) {
      for (int frame : new int[] {256, 1_024, 4_096}) {
        System.out.printf(
            "| %,d | %,d | %.1f | %.1f |%n",
            parameters, frame, perRound(parameters, frame), 128 + 0.005 * 8 * parameters);
      }
    }
    System.out.printf("idle device: %.3f B/s over 600 s%n", idle());
  }
}
