package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.ToServer;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IncomingTest {
  /** A chunk read by hand is the chunk protobuf reads, also with fields this version lacks. */
  @Test
  void readsChunksAsProtobufDoes() {
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      byte[] data = new byte[random.nextInt(300)];
      random.nextBytes(data);
      Chunk.Builder chunk = Chunk.newBuilder().setData(ByteString.copyFrom(data));
      chunk.setHandle(random.nextInt() >>> random.nextInt(32));
      chunk.setBlob(random.nextInt(9)).setOffset(random.nextInt() >>> random.nextInt(32));
      if (random.nextBoolean()) {
        chunk.setUnknownFields(unknown(random));
      }
      ToServer message = ToServer.newBuilder().setChunk(chunk).build();
      ByteBuffer bytes = ByteBuffer.allocateDirect(message.getSerializedSize() + 8).position(8);
      bytes.put(message.toByteArray()).position(8);
      SessionEvent.ChunkReceived read = (SessionEvent.ChunkReceived) Incoming.read(bytes);
      assertThat(read.handle()).isEqualTo(chunk.getHandle());
      assertThat(read.blob()).isEqualTo(chunk.getBlob());
      assertThat(read.offset()).isEqualTo(chunk.getOffset());
      assertThat(ByteString.copyFrom(read.data())).isEqualTo(chunk.getData());
      assertThat(bytes.position()).isEqualTo(8);
    }
  }

  private static UnknownFieldSet unknown(Random random) {
    return UnknownFieldSet.newBuilder()
        .addField(20, UnknownFieldSet.Field.newBuilder().addVarint(random.nextLong()).build())
        .addField(21, UnknownFieldSet.Field.newBuilder().addFixed32(random.nextInt()).build())
        .addField(22, UnknownFieldSet.Field.newBuilder().addFixed64(random.nextLong()).build())
        .addField(
            23,
            UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("new"))
                .build())
        .build();
  }

  /** Fields may come in any order. */
  @Test
  void takesFieldsInAnyOrder() {
    byte[] message = HexFormat.of().parseHex("2a08" + "2202abcd" + "1803" + "0807");
    SessionEvent.ChunkReceived read =
        (SessionEvent.ChunkReceived) Incoming.read(ByteBuffer.wrap(message));
    assertThat(read.handle()).isEqualTo(7);
    assertThat(read.offset()).isEqualTo(3);
    assertThat(read.data()).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0xab, (byte) 0xcd}));
    assertThat(read.frameSize()).isEqualTo(11);
  }
}
