package io.speedwell.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol's cost stays within its budget: counted bytes, not times. */
@Tag("jna")
class OverheadTest {

  @ParameterizedTest
  @ValueSource(ints = {2_410, 100_000})
  void aRoundCosts128BytesAndHalfAPercentBeyondTheWeights(int parameters) {
    assertThat(OverheadBench.perRound(parameters, 4_096))
        .isPositive()
        .isLessThanOrEqualTo(128 + 0.005 * 8 * parameters);
  }

  @Test
  void anIdleDeviceCostsAtMostAByteASecond() {
    assertThat(OverheadBench.idle()).isPositive().isLessThanOrEqualTo(1.0);
  }
}
