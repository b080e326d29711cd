package io.speedwell.harness;

import io.speedwell.jna.DeviceModel;
import io.speedwell.jna.DeviceResult;
import io.speedwell.jna.DeviceTask;
import io.speedwell.jna.DeviceTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A trainer that moves every parameter by seeded noise, over as many slices as it is told, and
 * remembers what it was asked and what it produced.
 */
final class ScriptedTrainer implements DeviceTrainer {
  private final DeviceModel model;
  private final int examples;
  private final int slices;
  final List<Cause> causes = new ArrayList<>();
  final List<float[]> produced = new ArrayList<>();
  float rate;
  int sliceCalls;
  private Random random;
  private int left;

  ScriptedTrainer(DeviceModel model, int examples, int slices) {
    this.model = model;
    this.examples = examples;
    this.slices = slices;
  }

  @Override
  public boolean begin(DeviceTask task) {
    random = new Random(task.seed());
    rate = task.configF32("lr", -1);
    left = slices;
    return true;
  }

  @Override
  public Step step(boolean wrapUp) {
    sliceCalls++;
    for (int i = 0; i < model.tensors().size(); i++) {
      float[] values = model.get(i);
      for (int k = 0; k < values.length; k++) {
        values[k] += rate * (random.nextFloat() - 0.5f);
      }
      model.set(i, values);
    }
    left--;
    return wrapUp || left == 0 ? Step.DONE : Step.MORE;
  }

  @Override
  public void finish(Cause cause, DeviceResult result) {
    causes.add(cause);
    produced.add(model.all());
    int steps = slices - left;
    result.set(examples, steps, steps, steps, 1, 0.5f);
  }
}
