package io.speedwell.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.model.UpdateSlab.Fault;
import io.speedwell.model.UpdateSlab.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateSlabTest {
  private static ByteBuffer bytes(float... values) {
    ByteBuffer blob = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      blob.putFloat(value);
    }
    return blob.flip();
  }

  private static float[] random(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Writes the blob in chunks of 1..most bytes; false when the slab refused one. */
  private static boolean writeAll(UpdateSlab slab, ByteBuffer blob, Random random, int most) {
    int offset = 0;
    while (offset < blob.limit()) {
      int size = Math.min(blob.limit() - offset, 1 + random.nextInt(most));
      // alternately big- and little-endian, direct and heap: the slab must not care
      ByteBuffer chunk = blob.slice(offset, size);
      if (random.nextBoolean()) {
        chunk = ByteBuffer.allocate(size).put(chunk).flip();
      }
      if (!slab.write(offset, chunk)) {
        return false;
      }
      assertThat(chunk.remaining()).isEqualTo(size);
      offset += size;
    }
    return true;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 240, 4_093, 70_001})
  void chunksMayBeginAndEndAnywhere(int most) {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      float[] values = random(random, 1 + random.nextInt(12_000));
      UpdateSlab slab = UpdateSlab.delta(values.length, 16);
      assertThat(writeAll(slab, bytes(values), random, most)).isTrue();
      assertThat(slab.values()).isEqualTo(values);
      assertThat(slab.received()).isEqualTo(4L * values.length);
      assertThat(slab.complete()).isTrue();
      assertThat(slab.fault()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 100_000})
  void theFirstUnfitElementIsNamed(int most) {
    Random random = new Random(most);
    for (float unfit :
        new float[] {
          Float.NaN,
          Float.intBitsToFloat(0x7f800001),
          Float.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          16,
          -16.5f,
          Float.MAX_VALUE
        }) {
      float[] values = random(random, 10_000);
      int index = random.nextInt(values.length);
      values[index] = unfit;
      UpdateSlab slab = UpdateSlab.delta(values.length, 16);
      assertThat(writeAll(slab, bytes(values), random, most)).isFalse();
      Reason reason = Float.isFinite(unfit) ? Reason.RANGE : Reason.NON_FINITE;
      assertThat(slab.fault().orElseThrow().reason()).isEqualTo(reason);
      assertThat(slab.fault().orElseThrow().index()).isEqualTo(index);
      assertThat(slab.complete()).isFalse();
      assertThat(slab.write(slab.received(), bytes())).isFalse();
    }
  }

  @Test
  void weightsAreHeldAgainstTheBase() {
    float[] base = {100, -100, 0};
    UpdateSlab slab = UpdateSlab.weights(base, 2);
    assertThat(slab.write(0, bytes(101.9f, -98.1f))).isTrue();
    assertThat(slab.write(8, bytes(2))).isFalse();
    assertThat(slab.fault()).contains(new Fault(Reason.RANGE, 2, 2));
    UpdateSlab near = UpdateSlab.weights(base, 2);
    assertThat(near.write(0, bytes(101.9f, -98.1f, 1.99f))).isTrue();
    assertThat(near.complete()).isTrue();
    UpdateSlab far = UpdateSlab.weights(base, 2);
    assertThat(far.write(0, bytes(-101f, 100f, 0f))).isFalse();
    assertThat(far.fault()).contains(new Fault(Reason.RANGE, 0, -101));
  }

  @Test
  void refusesChunksOutOfPlace() {
    UpdateSlab slab = UpdateSlab.delta(2, 16);
    slab.write(0, bytes(1));
    assertThatThrownBy(() -> slab.write(3, bytes(1))).hasMessage("chunk at 3, expected at 4");
    assertThatThrownBy(() -> slab.write(4, bytes(1, 2)))
        .hasMessage("chunk of 8 bytes at 4, the update has 8");
    assertThatThrownBy(() -> UpdateSlab.delta(2, Float.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
