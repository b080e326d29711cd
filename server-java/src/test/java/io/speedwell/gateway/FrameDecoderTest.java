package io.speedwell.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.speedwell.protocol.Limits;
import io.speedwell.session.SessionEvent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameDecoderTest {
  private final FrameDecoder decoder = new FrameDecoder();
  private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

  @Test
  void handsOnEveryFrameOfOneRead() {
    write("01aa" + "03bbccdd" + "02eeff");
    assertThat(frames()).containsExactly("aa", "bbccdd", "eeff");
  }

  @Test
  void putsFramesTogetherWhereverTheStreamIsDivided() {
    String big = "5a".repeat(200);
    byte[] stream = HexFormat.of().parseHex("01aa" + "c801" + big + "02bbcc");
    for (int cut = 1; cut < stream.length; cut++) {
      EmbeddedChannel divided = new EmbeddedChannel(new FrameDecoder());
      divided.writeInbound(Unpooled.copiedBuffer(stream, 0, cut));
      divided.writeInbound(Unpooled.copiedBuffer(stream, cut, stream.length - cut));
      assertThat(frames(divided)).as("cut at " + cut).containsExactly("aa", big, "bbcc");
      divided.finishAndReleaseAll();
    }
  }

  @Test
  void putsFramesTogetherFromReadsOfAnyLength() {
    Random random = new Random(7);
    decoder.limit(20_000);
    List<String> sent = new ArrayList<>();
    ByteBuf stream = Unpooled.buffer();
    for (int i = 0; i < 100; i++) {
      byte[] message = new byte[1 + random.nextInt(i % 10 == 0 ? 19_000 : 300)];
      random.nextBytes(message);
      sent.add(HexFormat.of().formatHex(message));
      writeFrame(stream, message);
    }
    while (stream.isReadable()) {
      int length = Math.min(stream.readableBytes(), 1 + random.nextInt(700));
      channel.writeInbound(stream.readBytes(length));
    }
    assertThat(frames()).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "00, length-zero",
    "8000, length-overlong",
    "ff01, length-limit", // 255 bytes and two of length: 257
    "ffffffff0f, length-limit", // 4 GB
    "ffffffffff, length-limit"
  })
  void refusesALengthBeforeTheFrameComes(String bytes, String rule) {
    write(bytes + "0102030405");
    assertThat(channel.<Object>readInbound()).isEqualTo(new SessionEvent.Malformed(rule));
    write("01aa");
    assertThat(channel.<Object>readInbound()).as("what comes after it").isNull();
  }

  @Test
  void refusesABadLengthThatComesByteByByte() {
    for (String part : List.of("ff", "ff", "ff", "ff")) {
      write(part);
    }
    assertThat(channel.<Object>readInbound()).isNull();
    write("0f");
    assertThat(channel.<Object>readInbound()).isEqualTo(new SessionEvent.Malformed("length-limit"));
  }

  @Test
  void takesTheLargestFrameOfItsLimitAndNoLarger() {
    byte[] largest = new byte[Limits.FRAME_MIN - 2];
    ByteBuf stream = Unpooled.buffer();
    writeFrame(stream, largest);
    assertThat(stream.readableBytes()).isEqualTo(Limits.FRAME_MIN);
    channel.writeInbound(stream);
    assertThat(frames()).containsExactly("00".repeat(largest.length));

    decoder.limit(1000);
    stream = Unpooled.buffer();
    writeFrame(stream, new byte[998]);
    channel.writeInbound(stream);
    assertThat(frames()).hasSize(1);
  }

  @Test
  void holdsNoBufferBetweenFramesAndGivesBackWhatItBegan() {
    ByteBuf whole = Unpooled.wrappedBuffer(HexFormat.of().parseHex("02aabb"));
    channel.writeInbound(whole);
    ByteBuf frame = channel.readInbound();
    frame.release();
    assertThat(whole.refCnt()).isZero();

    ByteBuf begun = Unpooled.wrappedBuffer(HexFormat.of().parseHex("05aabb"));
    channel.writeInbound(begun);
    assertThat(begun.refCnt()).as("copied, so that a small part holds no large read").isZero();
    channel.finishAndReleaseAll();
  }

  private void write(String hex) {
    channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
  }

  private List<String> frames() {
    return frames(channel);
  }

  private static List<String> frames(EmbeddedChannel from) {
    List<String> frames = new ArrayList<>();
    for (ByteBuf frame = from.readInbound(); frame != null; frame = from.readInbound()) {
      frames.add(ByteBufUtil.hexDump(frame));
      frame.release();
    }
    return frames;
  }

  private static void writeFrame(ByteBuf stream, byte[] message) {
    int rest = message.length;
    while (rest >= 0x80) {
      stream.writeByte(rest | 0x80);
      rest >>>= 7;
    }
    stream.writeByte(rest);
    stream.writeBytes(message);
  }
}
