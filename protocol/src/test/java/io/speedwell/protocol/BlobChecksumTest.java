package io.speedwell.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class BlobChecksumTest {

  @Test
  void coversTheTupleAndThenTheBytes() {
    CRC32C plain = new CRC32C();
    plain.update(
        HexFormat.of()
            .parseHex(
                "1101" + "0807060504030201" + "0c0b0a09" + "100f0e0d" + "04000000" + "0000803f"));
    int value =
        new BlobChecksum(17, 1, 0x0102030405060708L, 0x090a0b0c, 0x0d0e0f10, 4)
            .update(HexFormat.of().parseHex("0000803f"))
            .value();
    assertThat(value).isEqualTo((int) plain.getValue());
  }

  @Test
  void constantsDoNotDependOnRunRoundAndUpdate() {
    byte[] bytes = {1, 2, 3};
    assertThat(new BlobChecksum(Role.ROLE_CONFIG_VALUE, 0, 7, 8, 9, 3).update(bytes).value())
        .isEqualTo(BlobChecksum.ofConstant(Role.ROLE_CONFIG_VALUE, 0, 3).update(bytes).value());
    assertThat(new BlobChecksum(Role.ROLE_PARAMETERS_VALUE, 0, 7, 8, 0, 3).update(bytes).value())
        .isNotEqualTo(
            new BlobChecksum(Role.ROLE_PARAMETERS_VALUE, 0, 7, 9, 0, 3).update(bytes).value());
  }

  @Test
  void doesNotDependOnHowTheBytesAreSplit() {
    Random random = new Random(7);
    byte[] bytes = new byte[1_000];
    random.nextBytes(bytes);
    int whole = new BlobChecksum(16, 0, 1, 2, 0, bytes.length).update(bytes).value();
    BlobChecksum pieces = new BlobChecksum(16, 0, 1, 2, 0, bytes.length);
    for (int at = 0; at < bytes.length; ) {
      int size = Math.min(1 + random.nextInt(40), bytes.length - at);
      pieces.update(ByteBuffer.wrap(bytes, at, size));
      at += size;
    }
    assertThat(pieces.value()).isEqualTo(whole);
  }

  @Test
  void refusesWhatTheTupleCannotHold() {
    assertThatThrownBy(() -> BlobChecksum.ofConstant(256, 0, 1)).hasMessageContaining("role 256");
    assertThatThrownBy(() -> BlobChecksum.ofConstant(1, 0, 0)).hasMessageContaining("length 0");
  }
}
