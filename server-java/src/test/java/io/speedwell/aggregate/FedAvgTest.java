package io.speedwell.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FedAvgTest {
  private static final Layout LAYOUT =
      Layout.of(
          Tensor.f32("w", Rule.MEAN, 20, 30),
          Tensor.f32("fixed", Rule.FROZEN, 10),
          Tensor.f32("n", Rule.SUM, 50),
          Tensor.f32("own", Rule.LOCAL, 5),
          Tensor.f32("b", Rule.MEAN, 33));
  private static final FedAvg FEDAVG = new FedAvg(16, 65_536);
  private static final Parameters ZERO = Parameters.of(LAYOUT, new float[LAYOUT.parameterCount()]);
  private static final int MOST = 64;
  private static final byte[] NO_STATE = {};

  private static Parameters base(Random random) {
    float[] values = new float[LAYOUT.parameterCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Parameters.of(LAYOUT, values);
  }

  /** Updates of many magnitudes, subnormal to almost the range, with unequal weights. */
  private static List<Contribution> updates(
      Random random, Parameters base, int count, UpdateEncoding encoding) {
    float[] from = base.updateValues();
    List<Contribution> updates = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      float[] values = new float[from.length];
      for (int i = 0; i < values.length; i++) {
        float d = (float) Math.scalb(2 * random.nextDouble() - 1, 4 - random.nextInt(40));
        values[i] = encoding == UpdateEncoding.DELTA ? d : from[i] + d * 0.9f;
      }
      updates.add(contribution(values, encoding, 1 + random.nextInt(65_536)));
    }
    return updates;
  }

  /** Over a base of 0: large changes in pairs that cancel, and very small ones that remain. */
  private static List<Contribution> cancelling(Random random, UpdateEncoding encoding) {
    List<Contribution> updates = new ArrayList<>();
    while (updates.size() < MOST) {
      int held = 1 + random.nextInt(65_536);
      float[] large = new float[LAYOUT.updateCount()];
      float[] opposite = new float[large.length];
      float[] small = new float[large.length];
      for (int i = 0; i < large.length; i++) {
        large[i] = (float) Math.scalb(2 * random.nextDouble() - 1, 4);
        opposite[i] = -large[i];
        small[i] = (float) Math.scalb(random.nextDouble(), -30);
      }
      updates.add(contribution(large, encoding, held));
      updates.add(contribution(small, encoding, 65_536));
      updates.add(contribution(opposite, encoding, held));
      updates.add(contribution(small.clone(), encoding, 65_536));
    }
    return updates;
  }

  private static Contribution contribution(float[] values, UpdateEncoding encoding, int held) {
    return new Contribution(values, encoding, held, held, 1, 1);
  }

  private static Parameters sum(Parameters base, List<Contribution> updates) {
    Accumulator sum = FEDAVG.open(base, NO_STATE, MOST);
    updates.forEach(sum::fold);
    return sum.finish().model();
  }

  @ParameterizedTest
  @EnumSource(UpdateEncoding.class)
  void twentyShuffledOrdersGiveTheSameBits(UpdateEncoding encoding) {
    Random random = new Random(1);
    Parameters base = base(random);
    assertOrderDoesNotMatter(base, updates(random, base, MOST, encoding), random);
    assertOrderDoesNotMatter(ZERO, cancelling(random, encoding), random);
  }

  private static void assertOrderDoesNotMatter(
      Parameters base, List<Contribution> updates, Random random) {
    Parameters first = sum(base, updates);
    for (int order = 0; order < 20; order++) {
      Collections.shuffle(updates, random);
      assertThat(sum(base, updates)).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @EnumSource(UpdateEncoding.class)
  void whatCancelsWouldShowAnOrder(UpdateEncoding encoding) {
    Random random = new Random(5);
    List<Contribution> updates = cancelling(random, encoding);
    double first = plainSum(updates);
    Collections.shuffle(updates, random);
    assertThat((float) plainSum(updates)).isNotEqualTo((float) first);
  }

  private static double plainSum(List<Contribution> updates) {
    return updates.stream()
        .mapToDouble(update -> update.examplesHeld() * (double) update.values()[0])
        .reduce(0, (a, b) -> a + b);
  }

  @Test
  void mergedHalvesAndTreesGiveTheSameBits() {
    Random random = new Random(2);
    Parameters base = base(random);
    assertSplitsDoNotMatter(base, updates(random, base, MOST, UpdateEncoding.WEIGHTS), random);
    assertSplitsDoNotMatter(ZERO, cancelling(random, UpdateEncoding.WEIGHTS), random);
  }

  private static void assertSplitsDoNotMatter(
      Parameters base, List<Contribution> updates, Random random) {
    Parameters straight = sum(base, updates);
    for (int split = 0; split < 20; split++) {
      Collections.shuffle(updates, random);
      List<Accumulator> parts = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(9); i++) {
        parts.add(FEDAVG.open(base, NO_STATE, MOST));
      }
      for (Contribution update : updates) {
        parts.get(random.nextInt(parts.size())).fold(update);
      }
      while (parts.size() > 1) {
        Accumulator taken = parts.remove(random.nextInt(parts.size()));
        parts.get(random.nextInt(parts.size())).merge(taken);
      }
      assertThat(parts.get(0).updates()).isEqualTo(MOST);
      assertThat(parts.get(0).finish().model()).isEqualTo(straight);
    }
  }

  @Test
  void rangesMayBeFoldedInAnyOrder() {
    Random random = new Random(3);
    Parameters base = base(random);
    List<Contribution> updates = updates(random, base, 9, UpdateEncoding.WEIGHTS);
    Parameters straight = sum(base, updates);
    Accumulator sum = FEDAVG.open(base, NO_STATE, MOST);
    updates.forEach(sum::count);
    for (int from = LAYOUT.updateCount() - 1; from >= 0; from -= 37) {
      for (Contribution update : updates) {
        sum.fold(update, Math.max(0, from - 36), from + 1);
      }
    }
    assertThat(sum.finish().model()).isEqualTo(straight);
    Contribution one = updates.get(0);
    assertThatThrownBy(() -> sum.fold(one, 0, LAYOUT.updateCount() + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @EnumSource(UpdateEncoding.class)
  void isTheExactMeanWithinTheStatedBound(UpdateEncoding encoding) {
    Random random = new Random(4);
    Parameters base = base(random);
    List<Contribution> updates = updates(random, base, MOST, encoding);
    float[] got = sum(base, updates).values();
    long examples = updates.stream().mapToLong(Contribution::examplesHeld).sum();
    double meanStep = Grid.of(16.0 * 65_536, MOST).step();
    double sumStep = Grid.of(16, MOST).step();
    float[] from = base.updateValues();
    for (int i = 0; i < LAYOUT.updateCount(); i++) {
      boolean mean = !LAYOUT.tensorOfUpdate(i).equals("n");
      BigDecimal exact = BigDecimal.ZERO;
      double work = 0;
      for (Contribution update : updates) {
        BigDecimal d = new BigDecimal(update.values()[i]);
        if (encoding == UpdateEncoding.WEIGHTS) {
          d = d.subtract(new BigDecimal(from[i]));
        }
        BigDecimal term = mean ? d.multiply(BigDecimal.valueOf(update.examplesHeld())) : d;
        exact = exact.add(term);
        work += term.abs().doubleValue();
      }
      if (mean) {
        exact = exact.divide(BigDecimal.valueOf(examples), MathContext.DECIMAL128);
      }
      exact = exact.add(new BigDecimal(from[i]));
      float value = got[LAYOUT.parameterIndex(i)];
      double bound = mean ? meanStep / 2 * MOST / examples : sumStep / 2 * MOST;
      bound += 3 * 0x1p-24 * work / (mean ? examples : 1) + Math.ulp(value) / 2.0;
      assertThat(new BigDecimal(value).subtract(exact).abs().doubleValue())
          .as("element %d", i)
          .isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void weighsByExamplesSumsAndLeavesTheRest() {
    Layout layout =
        Layout.of(
            Tensor.f32("w", Rule.MEAN, 2),
            Tensor.f32("fixed", Rule.FROZEN, 1),
            Tensor.f32("n", Rule.SUM, 1));
    Parameters base = Parameters.of(layout, new float[] {1, 2, 3, 10});
    Accumulator sum = FEDAVG.open(base, NO_STATE, 2);
    sum.fold(contribution(new float[] {2, 2, 11}, UpdateEncoding.WEIGHTS, 100));
    sum.fold(contribution(new float[] {-1, 4, 5}, UpdateEncoding.DELTA, 300));
    assertThat(sum.finish().model().values()).containsExactly(0.5f, 5, 3, 16);
    assertThat(sum.finish().state()).isEmpty();
    assertThat(sum.examples()).isEqualTo(400);
    assertThat(base.values()).containsExactly(1, 2, 3, 10);
  }

  @Test
  void anEmptyRoundLeavesTheModel() {
    Parameters base = base(new Random(5));
    Accumulator empty = FEDAVG.open(base, NO_STATE, MOST);
    assertThat(empty.finish().model()).isEqualTo(base);
    Accumulator other = FEDAVG.open(base, NO_STATE, MOST);
    List<Contribution> updates = updates(new Random(6), base, 3, UpdateEncoding.DELTA);
    updates.forEach(other::fold);
    empty.merge(other);
    assertThat(empty.finish().model()).isEqualTo(sum(base, updates));
  }

  @Test
  void extremesStayExact() {
    Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, 4));
    Parameters base = Parameters.of(layout, new float[4]);
    float most = Math.nextDown(16f);
    float least = Float.MIN_VALUE;
    FedAvg heavy = new FedAvg(16, Integer.MAX_VALUE);
    int count = 1_000;
    Accumulator up = heavy.open(base, NO_STATE, 2 * count);
    Accumulator down = heavy.open(base, NO_STATE, 2 * count);
    Contribution plus =
        contribution(new float[] {most, least, most, 0}, UpdateEncoding.DELTA, Integer.MAX_VALUE);
    Contribution minus =
        contribution(
            new float[] {-most, -least, most, -0f}, UpdateEncoding.DELTA, Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      up.fold(plus);
      down.fold(minus);
    }
    up.merge(down);
    assertThat(up.finish().model().values()).containsExactly(0, 0, most, 0);
  }

  @Test
  void whatBreaksTheBoundIsRefused() {
    Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, 1));
    Parameters base = Parameters.of(layout, new float[1]);
    FedAvg strategy = new FedAvg(1, 10);
    Accumulator sum = strategy.open(base, NO_STATE, 2);
    float[] one = {0.5f};
    assertThatThrownBy(() -> sum.count(contribution(one, UpdateEncoding.DELTA, 11)))
        .hasMessage("an update of 11 examples, 1..10 are allowed");
    assertThatThrownBy(() -> sum.count(contribution(one, UpdateEncoding.DELTA, 0)))
        .hasMessageContaining("0 examples");
    assertThatThrownBy(() -> sum.count(contribution(new float[2], UpdateEncoding.DELTA, 1)))
        .hasMessage("an update of 2 elements, expected are 1");
    sum.fold(contribution(one, UpdateEncoding.DELTA, 10));
    sum.fold(contribution(one, UpdateEncoding.DELTA, 10));
    assertThatThrownBy(() -> sum.count(contribution(one, UpdateEncoding.DELTA, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exact for 2 only");
    Accumulator more = strategy.open(base, NO_STATE, 2);
    more.fold(contribution(one, UpdateEncoding.DELTA, 1));
    assertThatThrownBy(() -> more.merge(sum)).isInstanceOf(IllegalStateException.class);
    assertThat(more.updates()).isEqualTo(1);
  }

  @Test
  void sumsOfOtherRoundsDoNotMerge() {
    Parameters base = base(new Random(7));
    Accumulator sum = FEDAVG.open(base, NO_STATE, MOST);
    for (Accumulator other :
        List.of(
            FEDAVG.open(base(new Random(8)), NO_STATE, MOST),
            FEDAVG.open(base, NO_STATE, MOST + 1),
            new FedAvg(8, 65_536).open(base, NO_STATE, MOST))) {
      assertThatThrownBy(() -> sum.merge(other)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> FEDAVG.open(base, new byte[1], MOST)).hasMessageContaining("no state");
    assertThatThrownBy(() -> new FedAvg(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FedAvg(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
