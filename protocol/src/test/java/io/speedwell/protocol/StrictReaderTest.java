package io.speedwell.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the golden frames do not show: offsets, slices, buffers left alone. */
class StrictReaderTest {
  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "3a 03 08 81 00, VARINT, 3",
    "3a 02 08 02, RANGE, 3",
    "3a 04 08 01 08 01, DUPLICATE, 4",
    "3a 03 08 01 0b, WIRE_TYPE, 4",
    "3a 02 10, TRUNCATED, 1",
    "3a 02 10 80, TRUNCATED, 3",
    "3a 02 08 01 4a 00, MEMBER, 4",
    "38 01, WIRE_TYPE, 0",
    "02 00, FIELD_NUMBER, 0",
  })
  void namesTheRuleAndTheOffset(String hex, WireRule rule, int offset) {
    assertThat(StrictReader.of(Direction.TO_SERVER).check(bytes(hex)))
        .isEqualTo(new Verdict.Malformed(rule, offset));
  }

  @Test
  void anEmptyMessageHasNoMember() {
    assertThat(StrictReader.of(Direction.TO_DEVICE).check(ByteBuffer.allocate(0)))
        .isEqualTo(new Verdict.Malformed(WireRule.MEMBER, 0));
  }

  @Test
  void readsASliceOfAnyBufferAndLeavesItAlone() {
    ByteBuffer direct = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
    direct.put(bytes("ff ff 3a 03 08 81 00 ff")).position(2).limit(7);
    assertThat(StrictReader.of(Direction.TO_SERVER).check(direct.asReadOnlyBuffer()))
        .isEqualTo(new Verdict.Malformed(WireRule.VARINT, 3));
    assertThat(direct.position()).isEqualTo(2);
    assertThat(direct.limit()).isEqualTo(7);
  }

  @Test
  void aGoodMessageYieldsAVerdictThatExistsAlready() {
    StrictReader reader = StrictReader.of(Direction.TO_SERVER);
    Verdict verdict = reader.check(bytes("3a 02 08 01"));
    assertThat(verdict).isEqualTo(new Verdict.Ok(ToServer.KEEP_ALIVE_FIELD_NUMBER));
    assertThat(reader.check(bytes("3a 00"))).isSameAs(verdict);
  }

  @Test
  void aMessageOfTheOtherDirectionIsUnknown() {
    assertThat(StrictReader.of(Direction.TO_SERVER).check(bytes("62 00")))
        .isEqualTo(new Verdict.UnknownMessage(ToDevice.COMMITTED_FIELD_NUMBER));
  }
}
