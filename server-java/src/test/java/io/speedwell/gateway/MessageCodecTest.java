package io.speedwell.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import io.speedwell.protocol.Welcome;
import io.speedwell.session.SessionEvent;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageCodecTest {

  @Test
  void readsChunksInPlaceAndGivesTheFrameBack() {
    ToServer chunk =
        ToServer.newBuilder()
            .setChunk(
                Chunk.newBuilder()
                    .setHandle(1)
                    .setOffset(64)
                    .setData(ByteString.copyFrom(new byte[] {1, 2, 3, 4})))
            .build();
    ByteBuf frame = Unpooled.directBuffer().writeBytes(chunk.toByteArray());
    EmbeddedChannel channel = new EmbeddedChannel(new MessageDecoder());
    channel.writeInbound(frame);
    SessionEvent.ChunkReceived read = channel.readInbound();
    assertThat(read.handle()).isEqualTo(1);
    assertThat(read.blob()).isZero();
    assertThat(read.offset()).isEqualTo(64);
    assertThat(read.data().isDirect()).isTrue();
    assertThat(read.data().remaining()).isEqualTo(4);
    assertThat(read.frameSize()).isEqualTo(1 + chunk.getSerializedSize());
    assertThat(frame.refCnt()).isZero();
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
    EmbeddedChannel channel = new EmbeddedChannel(new MessageDecoder());
    ByteBuf frame = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    channel.writeInbound(frame);
    assertThat(channel.<Object>readInbound()).isEqualTo(new SessionEvent.Malformed(rule));
  }

  @Test
  void handsOnUnknownMessagesAsSuch() {
    EmbeddedChannel channel = new EmbeddedChannel(new MessageDecoder());
    channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex("a20600")));
    assertThat(channel.<Object>readInbound()).isEqualTo(new SessionEvent.UnknownMessage(100));
  }

  @Test
  void framesMessages() {
    EmbeddedChannel channel = new EmbeddedChannel(new MessageEncoder());
    channel.writeOutbound(
        ToDevice.newBuilder().setWelcome(Welcome.newBuilder().setVersion(1)).build());
    ByteBuf frame = channel.readOutbound();
    assertThat(ByteBufUtil.hexDump(frame)).isEqualTo("04" + "0a020801");
    frame.release();
  }

  @Test
  void takesAHelloOfStockProtobuf() {
    EmbeddedChannel channel = new EmbeddedChannel(new MessageDecoder());
    ToServer hello = ToServer.newBuilder().setHello(Hello.newBuilder().setVersionMin(1)).build();
    channel.writeInbound(Unpooled.wrappedBuffer(hello.toByteArray()));
    assertThat(channel.<Object>readInbound()).isEqualTo(new SessionEvent.Received(hello));
  }
}
