package io.speedwell.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final Layout LAYOUT =
      Layout.of(
          Tensor.f32("w", Rule.MEAN, 2, 1),
          Tensor.f32("fixed", Rule.FROZEN, 1),
          Tensor.f32("own", Rule.LOCAL, 9),
          Tensor.f32("n", Rule.SUM, 1));

  @Test
  void blobsAreLittleEndian() {
    Parameters parameters = Parameters.of(LAYOUT, new float[] {1, -2, 0.5f, Float.MIN_VALUE});
    ByteBuffer blob = parameters.toBlob();
    assertThat(blob.array())
        .containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f, 1, 0, 0, 0);
    assertThat(Parameters.fromBlob(LAYOUT, blob)).isEqualTo(parameters);
    assertThatThrownBy(() -> Parameters.fromBlob(LAYOUT, ByteBuffer.allocate(12)))
        .hasMessage("12 bytes for a layout of 4 parameters");
  }

  @Test
  void picksWhatAnUpdateReplaces() {
    Parameters parameters = Parameters.of(LAYOUT, new float[] {1, 2, 3, 4});
    assertThat(parameters.updateValues()).containsExactly(1, 2, 4);
    Parameters whole = Parameters.of(Layout.of(Tensor.f32("w", Rule.MEAN, 1)), new float[1]);
    assertThat(whole.updateValues()).isSameAs(whole.values());
  }

  @Test
  void equalityIsOfBits() {
    Layout one = Layout.of(Tensor.f32("w", Rule.MEAN, 1));
    assertThat(Parameters.of(one, new float[] {0f}))
        .isNotEqualTo(Parameters.of(one, new float[] {-0f}))
        .isEqualTo(Parameters.of(one, new float[] {0f}));
    assertThat(Parameters.of(one, new float[] {Float.NaN}).firstNonFinite()).isZero();
    assertThat(Parameters.of(one, new float[] {1}).firstNonFinite()).isEqualTo(-1);
  }

  @Test
  void heInitialisationIsTheDocumentedOne() {
    Layout layout =
        Layout.of(
            Tensor.f32("own", Rule.LOCAL, 7, 7),
            Tensor.f32("dense.weight", Rule.MEAN, 300, 64),
            Tensor.f32("dense.bias", Rule.MEAN, 300),
            Tensor.f32("seen", Rule.SUM, 2, 2));
    Parameters parameters = HeInitialiser.initialise(layout, 42);
    assertThat(parameters).isEqualTo(HeInitialiser.initialise(layout, 42));
    assertThat(parameters).isNotEqualTo(HeInitialiser.initialise(layout, 43));

    SplitMix64 seeds = new SplitMix64(42);
    seeds.next();
    SplitMix64 generator = new SplitMix64(seeds.next());
    double limit = Math.sqrt(6.0 / 64);
    float first = (float) (limit * (2.0 * ((generator.next() >>> 40) / 16_777_216f) - 1));
    assertThat(parameters.values()[0]).isEqualTo(first);

    float[] weights = Arrays.copyOf(parameters.values(), 300 * 64);
    double square = 0;
    for (float weight : weights) {
      assertThat(Math.abs(weight)).isLessThanOrEqualTo((float) limit);
      square += (double) weight * weight;
    }
    assertThat(square / weights.length).isBetween(0.95 * 2 / 64, 1.05 * 2 / 64);
    float[] rest = parameters.values();
    assertThat(Arrays.copyOfRange(rest, 300 * 64, rest.length)).containsOnly(0);
  }

  @Test
  void splitMixIsThePublishedOne() {
    SplitMix64 generator = new SplitMix64(1234567);
    assertThat(generator.next()).isEqualTo(6457827717110365317L);
    assertThat(generator.next()).isEqualTo(3203168211198807973L);
    assertThat(generator.next()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
  }
}
