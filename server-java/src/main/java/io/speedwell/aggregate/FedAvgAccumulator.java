package io.speedwell.aggregate;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.UpdateEncoding;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;

/**
 * The sum of {@link FedAvg}: for each element of an update a double, always a multiple of the fine
 * {@link Grid}, and two floats that take {@link Grid#DEPTH} terms before they are carried into it.
 *
 * <p>All arrays have the indices of an update, and the loop over them touches floats only, because
 * that is what the compiler turns into vector instructions: it does neither mix element sizes in a
 * loop nor take arrays at different indices. Carrying is the part it does one by one.
 *
 * <p>A term is t = n_k d_k (mean) or d_k (sum), in float: d_k = w_k - base is exact or rounded by
 * 2^-24 of itself, the product by 2^-24 again (and n_k if it is above 2^24), all functions of one
 * update alone. |t| <= range * maxExamples for means and <= range for sums: that and the most
 * updates of a round give the grids. With range 16, maxExamples 65,536 and up to 4,096 updates the
 * fine grid g is 2^-21, 4.8e-7.
 *
 * <p>Precision: the mean lies within g/2 * (updates / examples) + 3 * 2^-24 * (largest |d_k|) of
 * the true weighted mean, before it is added to the base and rounded to binary32; the first part is
 * never above g/2, and for devices of 100 examples a hundredth of it.
 */
final class FedAvgAccumulator implements Accumulator {
  private final FedAvg strategy;
  private final Parameters base;
  private final int maxUpdates;
  private final Grid meanGrid;
  private final Grid sumGrid;
  private final int count;
  private final float[] baseValues;
  private final double[] sums;
  private final float[] high;
  private final float[] low;
  private final byte[] depths; // for each block: at most so many terms are not carried yet
  private int updates;
  private long examples;

  FedAvgAccumulator(FedAvg strategy, Parameters base, int maxUpdates) {
    if (maxUpdates < 1) {
      throw new IllegalArgumentException(
          "maxUpdates %d: at least 1 is needed".formatted(maxUpdates));
    }
    this.strategy = strategy;
    this.base = base;
    this.maxUpdates = maxUpdates;
    this.baseValues = base.updateValues();
    this.count = baseValues.length;
    double range = strategy.range();
    this.meanGrid = Grid.of(range * strategy.maxExamples(), maxUpdates);
    this.sumGrid = Grid.of(range, maxUpdates);
    this.sums = new double[count];
    this.high = new float[count];
    this.low = new float[count];
    this.depths = new byte[(count + BLOCK - 1) / BLOCK];
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
    Iterator<Layout.Segment> segments = base.layout().segments().iterator();
    int at = from;
    Layout.Segment segment = null;
    while (at < to) {
      while (segment == null || at >= end(segment)) {
        segment = segments.next();
      }
      int block = at / BLOCK;
      int blockEnd = Math.min(to, (block + 1) * BLOCK);
      deepen(block);
      for (; end(segment) < blockEnd; segment = segments.next()) {
        add(contribution, segment.rule(), at, end(segment));
        at = end(segment);
      }
      add(contribution, segment.rule(), at, blockEnd);
      at = blockEnd;
    }
  }

  private static int end(Layout.Segment segment) {
    return segment.update() + segment.length();
  }

  /** Makes room for one more term in the floats of a block. */
  private void deepen(int block) {
    if (depths[block] == Grid.DEPTH) {
      carry(block);
      depths[block] = 0;
    }
    depths[block]++;
  }

  private void carry(int block) {
    int from = block * BLOCK;
    int to = Math.min(count, from + BLOCK);
    for (int i = from; i < to; i++) {
      sums[i] += (double) high[i] + low[i];
    }
    Arrays.fill(high, from, to, 0);
    Arrays.fill(low, from, to, 0);
  }

  /** Adds elements from..to-1, which have one rule. */
  private void add(Contribution c, Rule rule, int from, int to) {
    boolean mean = rule == Rule.MEAN;
    Grid grid = mean ? meanGrid : sumGrid;
    float weight = mean ? c.examplesHeld() : 1;
    if (c.encoding() == UpdateEncoding.WEIGHTS) {
      addWeights(high, low, c.values(), baseValues, weight, grid.high(), grid.low(), from, to);
    } else {
      addDeltas(high, low, c.values(), weight, grid.high(), grid.low(), from, to);
    }
  }

  // The two loops below are written out: a call within them, or an array more, and the compiler
  // does not vectorise them.

  private static void addWeights(
      float[] high,
      float[] low,
      float[] w,
      float[] base,
      float n,
      float h,
      float l,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      float term = n * (w[i] - base[i]);
      float coarse = (term + h) - h;
      high[i] += coarse;
      low[i] += ((term - coarse) + l) - l;
    }
  }

  private static void addDeltas(
      float[] high, float[] low, float[] d, float n, float h, float l, int from, int to) {
    for (int i = from; i < to; i++) {
      float term = n * d[i];
      float coarse = (term + h) - h;
      high[i] += coarse;
      low[i] += ((term - coarse) + l) - l;
    }
  }

  /** The sum of an element, what is not carried yet included. */
  private double sum(int i) {
    return sums[i] + ((double) high[i] + low[i]);
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
    for (int i = 0; i < count; i++) {
      sums[i] += that.sum(i);
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
        values[at] = (float) (values[at] + sum(segment.update() + i) / weight);
      }
    }
    return new Outcome(Parameters.of(base.layout(), values), strategy.initialState());
  }
}
