package io.speedwell.model;

/**
 * He's initialisation (He 2015), uniform, the same bits on every machine.
 *
 * <p>A tensor of rank 2 or more whose rule is not sum: each element is limit * (2u - 1), in double,
 * rounded to binary32; limit = sqrt(6 / fan_in), fan_in = the product of all dimensions but the
 * first, u = {@link SplitMix64#nextFloat()}. All other tensors are 0. Tensor i of the layout (local
 * ones counted) has a generator of its own, seeded with the i-th number of a generator seeded with
 * the seed.
 */
public final class HeInitialiser {
  private HeInitialiser() {}

  /** A model of this layout for this seed. */
  public static Parameters initialise(Layout layout, long seed) {
    float[] values = new float[layout.parameterCount()];
    SplitMix64 seeds = new SplitMix64(seed);
    for (int i = 0; i < layout.tensors().size(); i++) {
      Tensor tensor = layout.tensors().get(i);
      SplitMix64 generator = new SplitMix64(seeds.next());
      Rule rule = tensor.rule();
      if (rule != Rule.LOCAL && rule != Rule.SUM && tensor.shape().size() > 1) {
        int from = layout.parameterOffset(i);
        fill(values, from, from + tensor.elements(), fanIn(tensor), generator);
      }
    }
    return Parameters.of(layout, values);
  }

  private static void fill(float[] values, int from, int to, int fanIn, SplitMix64 generator) {
    double limit = Math.sqrt(6.0 / fanIn); // IEEE: correctly rounded everywhere
    for (int i = from; i < to; i++) {
      values[i] = (float) (limit * (2.0 * generator.nextFloat() - 1.0));
    }
  }

  private static int fanIn(Tensor tensor) {
    return tensor.elements() / tensor.shape().get(0);
  }
}
