package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkFrameTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 1",
    "1, 0, 0, 127",
    "5, 1, 100, 128",
    "127, 7, 127, 200",
    "128, 0, 128, 16383",
    "300, 2, 2000000000, 16384",
    "2147483647, 7, 2147483646, 1",
    "3, 0, 16384, 65000"
  })
  void theHeaderIsWhatTheStockLibraryWrites(int handle, int index, int offset, int length) {
    byte[] data = new byte[length];
    ToDevice message =
        ToDevice.newBuilder()
            .setChunk(
                Chunk.newBuilder()
                    .setHandle(handle)
                    .setBlob(index)
                    .setOffset(offset)
                    .setData(ByteString.copyFrom(data)))
            .build();
    ByteBuffer expected = ByteBuffer.allocate(Frames.frameSize(message));
    Frames.writeLength(message.getSerializedSize(), expected);
    expected.put(message.toByteArray());
    byte[] header = ChunkFrame.header(handle, index, offset, length);
    assertThat(ByteBuffer.wrap(header))
        .isEqualTo(ByteBuffer.wrap(expected.array(), 0, header.length));
    assertThat(ChunkFrame.size(handle, index, offset, length)).isEqualTo(expected.capacity());
    assertThat(header.length + length).isEqualTo(expected.capacity());
  }

  @ParameterizedTest
  @CsvSource({"256", "257", "300", "1024", "4096", "16384", "16387", "65536", "1048576"})
  void aChunkOfFullCapacityFitsTheFrameAndWastesLittle(int limit) {
    for (int offset : new int[] {0, 1, 127, 128, 16_384, Integer.MAX_VALUE - limit}) {
      int capacity = ChunkFrame.capacity(limit, 12, 1, offset);
      assertThat(ChunkFrame.size(12, 1, offset, capacity)).isBetween(limit - 3, limit);
    }
  }
}
