package io.speedwell.gateway;

import com.google.protobuf.CodedInputStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.speedwell.protocol.Direction;
import io.speedwell.protocol.StrictReader;
import io.speedwell.protocol.ToServer;
import io.speedwell.protocol.Verdict;
import io.speedwell.session.SessionEvent;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Checks each frame's message strictly, then parses it, and hands on what the session is to be
 * told. Stateless, shared by all channels.
 */
@Sharable
final class MessageDecoder extends ChannelInboundHandlerAdapter {
  private static final StrictReader READER = StrictReader.of(Direction.TO_SERVER);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
    if (message instanceof SessionEvent) {
      context.fireChannelRead(message);
      return;
    }
    ByteBuf frame = (ByteBuf) message;
    try {
      ByteBuffer bytes = frame.nioBuffer();
      Verdict verdict = READER.check(bytes);
      context.fireChannelRead(event(verdict, bytes));
    } finally {
      frame.release();
    }
  }

  private static SessionEvent event(Verdict verdict, ByteBuffer bytes) throws IOException {
    if (verdict instanceof Verdict.Malformed malformed) {
      return new SessionEvent.Malformed(malformed.rule().word());
    }
    if (verdict instanceof Verdict.UnknownMessage unknown) {
      return new SessionEvent.UnknownMessage(unknown.message());
    }
    return new SessionEvent.Received(parse(bytes));
  }

  /**
   * One copy: protobuf-java takes the frame out of native memory, bytes fields are views into that.
   */
  private static ToServer parse(ByteBuffer bytes) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    in.enableAliasing(true);
    return ToServer.parseFrom(in);
  }
}
