package io.speedwell.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "01, 256, 1, 1",
    "7f ff, 256, 127, 1",
    "fe 01, 256, 254, 2",
    "fd ff 3f, 1048576, 1048573, 3",
  })
  void readsALengthAndMovesBehindIt(String hex, int limit, int length, int size) {
    ByteBuffer in = bytes(hex);
    assertThat(Frames.readLength(in, limit)).isEqualTo(length);
    assertThat(in.position()).isEqualTo(size);
  }

  @ParameterizedTest
  @CsvSource({
    "00, 256, LENGTH_ZERO",
    "80 00, 256, LENGTH_OVERLONG",
    "81 80 00, 256, LENGTH_OVERLONG",
    "80 80 80 80 00, 256, LENGTH_OVERLONG",
    "ff 01, 256, LENGTH_LIMIT",
    "fe ff 3f, 1048576, LENGTH_LIMIT",
    "ff ff ff ff 0f, 1048576, LENGTH_LIMIT",
    "ff ff ff ff 1f, 1048576, LENGTH_LIMIT",
    "80 80 80 80 80, 1048576, LENGTH_LIMIT",
  })
  void namesTheRuleABadLengthBreaks(String hex, int limit, WireRule rule) {
    ByteBuffer in = bytes(hex);
    int result = Frames.readLength(in, limit);
    assertThat(result).isNegative();
    assertThat(Frames.brokenRule(result)).isEqualTo(rule);
    assertThat(in.position()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "80 80", "ff ff ff ff"})
  void waitsForTheRestOfALength(String hex) {
    ByteBuffer in = bytes(hex);
    assertThat(Frames.readLength(in, Limits.FRAME_MAX)).isEqualTo(Frames.NEED_MORE);
    assertThat(in.position()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 254, 16_383, 16_384, Limits.FRAME_MAX - Limits.PREFIX_MAX})
  void readsTheLengthsItWrites(int length) {
    ByteBuffer out = ByteBuffer.allocate(8);
    Frames.writeLength(length, out);
    assertThat(out.position()).isEqualTo(Frames.prefixSize(length));
    assertThat(Frames.readLength(out.flip(), Limits.FRAME_MAX)).isEqualTo(length);
    assertThat(out.hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 257, 1_024, 4_096, 16_383, 16_384, 16_390, 65_536, Limits.FRAME_MAX})
  void aChunkOfItsCapacityFitsWhateverItsNumbersAre(int limit) {
    int capacity = Frames.chunkCapacity(limit);
    assertThat(chunkFrame(capacity)).isLessThanOrEqualTo(limit).isGreaterThan(limit - 6);
  }

  @Test
  void frameSizeCountsTheLength() {
    var message = ToServer.newBuilder().setKeepAlive(KeepAlive.newBuilder().setReply(true)).build();
    assertThat(Frames.frameSize(message)).isEqualTo(5);
  }

  private static int chunkFrame(int size) {
    Chunk chunk =
        Chunk.newBuilder()
            .setHandle(-1)
            .setBlob(-1)
            .setOffset(-1)
            .setData(ByteString.copyFrom(new byte[size]))
            .build();
    return Frames.frameSize(ToServer.newBuilder().setChunk(chunk).build());
  }
}
