package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.ToServer;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
      assertThat(data.length == 0 || read.data().isDirect()).as("a view, no copy").isTrue();
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
    SessionEvent.ChunkReceived read =
        (SessionEvent.ChunkReceived) read("2a08" + "2202abcd" + "1803" + "0807");
    assertThat(read.handle()).isEqualTo(7);
    assertThat(read.offset()).isEqualTo(3);
    assertThat(read.data()).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0xab, (byte) 0xcd}));
    assertThat(read.frameSize()).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    "0a03088100, varint", // version_min = 1, overlong
    "'', member",
    "0a020801" + "0a020801, member",
    "0a04080108" + "01, duplicate",
    "0a0108, truncated",
    "0a010b, wire-type"
  })
  void refusesWhatStockProtobufWouldTake(String hex, String rule) {
    assertThat(read(hex)).isEqualTo(new SessionEvent.Malformed(rule));
  }

  @Test
  void handsOnUnknownMessagesAsSuch() {
    assertThat(read("a20600")).isEqualTo(new SessionEvent.UnknownMessage(100));
  }

  @Test
  void takesAHelloOfStockProtobuf() {
    ToServer hello = ToServer.newBuilder().setHello(Hello.newBuilder().setVersionMin(1)).build();
    assertThat(Incoming.read(ByteBuffer.wrap(hello.toByteArray())))
        .isEqualTo(new SessionEvent.Received(hello));
  }

  private static SessionEvent read(String hex) {
    return Incoming.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }
}
