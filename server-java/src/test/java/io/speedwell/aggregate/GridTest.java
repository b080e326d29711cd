package io.speedwell.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GridTest {
  /** For random bounds: the parts of a term lie on the grids, together within half a step of it. */
  @Test
  void splitsEveryTermOntoTheGrids() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      double most = most(random);
      Grid grid = Grid.of(most, terms(random));
      float term = (float) (i % 2 == 0 ? most : most * (2 * random.nextDouble() - 1));
      float high = high(grid, term);
      float low = low(grid, term);
      assertThat(Math.IEEEremainder(high, Math.scalb(1.0, grid.coarse()))).isZero();
      assertThat(Math.IEEEremainder(low, grid.step())).isZero();
      assertThat(Math.abs((double) high + low - term)).isLessThanOrEqualTo(grid.step() / 2);
    }
  }

  /** The worst sums there can be: the same part of either grid, as often as it may come. */
  @Test
  void leavesRoomForTheSums() {
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      double most = most(random);
      int terms = terms(random);
      Grid grid = Grid.of(most, terms);
      float coarse = Math.scalb(1f, grid.coarse());
      float worst = coarse / 2 > grid.step() ? coarse / 2 : (float) grid.step();
      assertThat(sum(high(grid, (float) most)))
          .isEqualTo(Grid.DEPTH * (double) high(grid, (float) most));
      assertThat(sum(worst)).isEqualTo(worst * (double) Grid.DEPTH);
      assertThat(sum(worst - (float) grid.step())).isEqualTo((worst - grid.step()) * Grid.DEPTH);
      BigDecimal all =
          new BigDecimal((double) high(grid, (float) most) + low(grid, (float) most))
              .multiply(new BigDecimal(terms));
      assertThat(all).isLessThanOrEqualTo(new BigDecimal(grid.step() * 0x1p53));
    }
  }

  @Test
  void isAsFineAsTheBoundsAllow() {
    assertThat(Grid.of(1 << 20, 100).step()).isEqualTo(0x1p-21);
    assertThat(Grid.of(1, 1).step()).isEqualTo(0x1p-41);
    assertThat(Grid.of(1, 4_096).step()).isEqualTo(0x1p-41);
    assertThat(Grid.of(1, 4_097).step()).isEqualTo(0x1p-40);
  }

  private static double most(Random random) {
    return Math.scalb(1 + random.nextFloat(), random.nextInt(120) - 60);
  }

  private static int terms(Random random) {
    return 1 + (random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31));
  }

  private static float high(Grid grid, float term) {
    return (term + grid.high()) - grid.high();
  }

  private static float low(Grid grid, float term) {
    return ((term - high(grid, term)) + grid.low()) - grid.low();
  }

  private static double sum(float part) {
    float sum = 0;
    for (int i = 0; i < Grid.DEPTH; i++) {
      sum += part;
    }
    return sum;
  }
}
