package io.speedwell.aggregate;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.UpdateEncoding;
import java.util.Objects;

/**
 * The sum of {@link FedAvg}: one double for each element of an update, always a multiple of its
 * {@link Grid}.
 *
 * <p>A term is x = n_k d_k (mean) or d_k (sum), in double: d_k = w_k - base is exact or rounded by
 * 2^-53 of itself, the product by 2^-53 again, both functions of one update alone. |x| < range *
 * maxExamples for means and < range for sums: that and the most updates of a round give the grids.
 * With range 16, maxExamples 65,536 and 100 updates g is 2^-26, 1.5e-8.
 *
 * <p>Precision: the mean lies within g/2 * (updates / examples) + 2^-51 * range of the true
 * weighted mean, before it is added to the base and rounded to binary32; never worse than g/2 for
 * the first part, and for devices of 100 examples a hundredth of it.
 */
final class FedAvgAccumulator implements Accumulator {

  private final FedAvg strategy;
  private final Parameters base;
  private final float[] baseValues;
  private final int maxUpdates;
  private final double meanMagnet;
  private final double sumMagnet;
  private final double[] sums;
  private int updates;
  private long examples;

  FedAvgAccumulator(FedAvg strategy, Parameters base, int maxUpdates) {
    if (maxUpdates < 1) {
      throw new IllegalArgumentException("maxUpdates %d: at least 1 is needed".formatted(maxUpdates));
    }
    this.strategy = strategy;
    this.base = base;
    this.baseValues = base.updateValues();
    this.maxUpdates = maxUpdates;
    double range = strategy.range();
    this.meanMagnet = Grid.of(range * strategy.maxExamples(), maxUpdates).magnet();
    this.sumMagnet = Grid.of(range, maxUpdates).magnet();
    this.sums = new double[baseValues.length];
  }

  @Override
  public void count(Contribution contribution) {
    if (contribution.values().length != sums.length) {
      throw new IllegalArgumentException(
          "an update of %d elements, expected are %d"
              .formatted(contribution.values().length, sums.length));
    }
    int held = contribution.examplesHeld();
    if (held < 1 || held > strategy.maxExamples()) {
      throw new IllegalArgumentException(
          "an update of %d examples, 1..%d are allowed".formatted(held, strategy.maxExamples()));
    }
    room(1);
    updates++;
    examples += held;
  }

  private void room(int more) {
    if (more > maxUpdates - updates) {
      throw new IllegalStateException(
          "%d updates and %d more: the sum is exact for %d only"
              .formatted(updates, more, maxUpdates));
    }
  }

  @Override
  public void fold(Contribution contribution, int from, int to) {
    Objects.checkFromToIndex(from, to, sums.length);
    boolean weights = contribution.encoding() == UpdateEncoding.WEIGHTS;
    float[] values = contribution.values();
    for (Layout.Segment segment : base.layout().segments()) {
      int start = Math.max(from, segment.update());
      int end = Math.min(to, segment.update() + segment.length());
      boolean mean = segment.rule() == Rule.MEAN;
      double weight = mean ? contribution.examplesHeld() : 1;
      double magnet = mean ? meanMagnet : sumMagnet;
      for (int i = start; i < end; i++) {
        double d = weights ? (double) values[i] - baseValues[i] : values[i];
        sums[i] += (weight * d + magnet) - magnet;
      }
    }
  }

  @Override
  public void merge(Accumulator other) {
    if (!(other instanceof FedAvgAccumulator that)
        || !strategy.equals(that.strategy)
        || maxUpdates != that.maxUpdates
        || !base.equals(that.base)) {
      throw new IllegalArgumentException("the sum merged belongs to another round");
    }
    room(that.updates);
    updates += that.updates;
    examples += that.examples;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += that.sums[i];
    }
  }

  @Override
  public int updates() {
    return updates;
  }

  @Override
  public long examples() {
    return examples;
  }

  @Override
  public Outcome finish() {
    if (updates == 0) {
      return new Outcome(base, strategy.initialState());
    }
    float[] values = base.values().clone();
    for (Layout.Segment segment : base.layout().segments()) {
      double weight = segment.rule() == Rule.MEAN ? examples : 1;
      for (int i = 0; i < segment.length(); i++) {
        int at = segment.parameter() + i;
        values[at] = (float) (values[at] + sums[segment.update() + i] / weight);
      }
    }
    return new Outcome(Parameters.of(base.layout(), values), strategy.initialState());
  }
}
