package io.speedwell.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GridTest {
  /** For random bounds: terms land on the grid within half a step, and the largest sum is exact. */
  @Test
  void roundsToTheGridAndLeavesRoomForTheSum() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      double term = Math.scalb(1 + random.nextDouble(), random.nextInt(120) - 60);
      int terms = 1 + (random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31));
      Grid grid = Grid.of(term, terms);
      double magnet = grid.magnet();
      double x = i % 2 == 0 ? term : term * (2 * random.nextDouble() - 1);
      double rounded = (x + magnet) - magnet;
      assertThat(Math.abs(rounded - x)).isLessThanOrEqualTo(grid.step() / 2);
      assertThat(Math.IEEEremainder(rounded, grid.step())).isZero();
      BigDecimal most = new BigDecimal((term + magnet) - magnet).multiply(new BigDecimal(terms));
      assertThat(most).isLessThanOrEqualTo(new BigDecimal(grid.step() * 0x1p53));
    }
  }

  @Test
  void isAsFineAsTheBoundAllows() {
    assertThat(Grid.of(1 << 20, 100).step()).isEqualTo(0x1p-26);
    assertThat(Grid.of(1, 1).step()).isEqualTo(0x1p-51);
    assertThat(Grid.of(1, 4).step()).isEqualTo(0x1p-51);
    assertThat(Grid.of(1, 5).step()).isEqualTo(0x1p-50);
  }
}
