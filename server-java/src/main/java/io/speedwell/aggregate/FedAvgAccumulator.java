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
 * <p>Sums and base are kept in blocks and folded in two loops over one block, because that is what
 * the compiler turns into vector instructions: it does neither mix element sizes in a loop nor take
 * arrays at different indices.
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
  private static final int SHIFT = 10;
  private static final int BLOCK = 1 << SHIFT; // 8 KB: three of them stay in the first cache

  private final FedAvg strategy;
  private final Parameters base;
  private final int maxUpdates;
  private final double meanMagnet;
  private final double sumMagnet;
  private final int count;
  private final double[][] sums;
  private final double[][] bases;
  private int updates;
  private long examples;

  FedAvgAccumulator(FedAvg strategy, Parameters base, int maxUpdates) {
    if (maxUpdates < 1) {
      throw new IllegalArgumentException(
          "maxUpdates %d: at least 1 is needed".formatted(maxUpdates));
    }
    this.strategy = strategy;
    this.base = base;
    float[] baseValues = base.updateValues();
    this.count = baseValues.length;
    this.maxUpdates = maxUpdates;
    double range = strategy.range();
    this.meanMagnet = Grid.of(range * strategy.maxExamples(), maxUpdates).magnet();
    this.sumMagnet = Grid.of(range, maxUpdates).magnet();
    int blocks = (count + BLOCK - 1) >>> SHIFT;
    this.sums = new double[blocks][BLOCK];
    this.bases = new double[blocks][BLOCK];
    for (int i = 0; i < count; i++) {
      bases[i >>> SHIFT][i & (BLOCK - 1)] = baseValues[i];
    }
  }

  @Override
  public void count(Contribution contribution) {
    if (contribution.values().length != count) {
      throw new IllegalArgumentException(
          "an update of %d elements, expected are %d"
              .formatted(contribution.values().length, count));
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
    Objects.checkFromToIndex(from, to, count);
    double[] scratch = new double[BLOCK];
    for (Layout.Segment segment : base.layout().segments()) {
      int start = Math.max(from, segment.update());
      int end = Math.min(to, segment.update() + segment.length());
      while (start < end) {
        int stop = Math.min(end, (start | (BLOCK - 1)) + 1);
        foldBlock(contribution, segment.rule(), start, stop, scratch);
        start = stop;
      }
    }
  }

  /** Adds elements start..stop-1, which lie in one block and have one rule. */
  private void foldBlock(Contribution c, Rule rule, int start, int stop, double[] scratch) {
    int block = start >>> SHIFT;
    int first = start & (BLOCK - 1);
    int last = first + stop - start;
    widen(c.values(), start - first, scratch, first, last);
    boolean mean = rule == Rule.MEAN;
    double weight = mean ? c.examplesHeld() : 1;
    double magnet = mean ? meanMagnet : sumMagnet;
    if (c.encoding() == UpdateEncoding.WEIGHTS) {
      addWeights(sums[block], scratch, bases[block], weight, magnet, first, last);
    } else {
      addDeltas(sums[block], scratch, weight, magnet, first, last);
    }
  }

  private static void widen(float[] values, int offset, double[] wide, int first, int last) {
    for (int i = first; i < last; i++) {
      wide[i] = values[offset + i];
    }
  }

  private static void addWeights(
      double[] sum, double[] x, double[] base, double n, double magnet, int first, int last) {
    for (int i = first; i < last; i++) {
      sum[i] += (n * (x[i] - base[i]) + magnet) - magnet;
    }
  }

  private static void addDeltas(
      double[] sum, double[] d, double n, double magnet, int first, int last) {
    for (int i = first; i < last; i++) {
      sum[i] += (n * d[i] + magnet) - magnet;
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
    for (int block = 0; block < sums.length; block++) {
      for (int i = 0; i < BLOCK; i++) {
        sums[block][i] += that.sums[block][i];
      }
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
        int from = segment.update() + i;
        values[at] = (float) (values[at] + sums[from >>> SHIFT][from & (BLOCK - 1)] / weight);
      }
    }
    return new Outcome(Parameters.of(base.layout(), values), strategy.initialState());
  }
}
