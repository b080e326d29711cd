package io.speedwell.gateway;

import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes each {@link ToDevice} as a frame; buffers pass as they are. Stateless, shared by all
 * channels.
 */
@Sharable
final class MessageEncoder extends ChannelOutboundHandlerAdapter {

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws IOException {
    if (message instanceof ToDevice frame) {
      context.write(encode(context, frame), promise);
    } else {
      context.write(message, promise);
    }
  }

  private static ByteBuf encode(ChannelHandlerContext context, ToDevice message)
      throws IOException {
    int size = Frames.frameSize(message);
    ByteBuf buffer = context.alloc().ioBuffer(size, size);
    ByteBuffer bytes = buffer.internalNioBuffer(0, size);
    Frames.writeLength(message.getSerializedSize(), bytes);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    message.writeTo(out);
    out.flush();
    return buffer.writerIndex(size);
  }
}
