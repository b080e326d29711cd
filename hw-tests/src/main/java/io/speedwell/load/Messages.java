package io.speedwell.load;

import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Frames and messages at a device's end; holds one frame at most. */
final class Messages extends ChannelDuplexHandler {
  private int length; // of the message that comes, as far as it is read
  private int shift;
  private byte[] message;
  private int received;

  @Override
  public void write(ChannelHandlerContext context, Object said, ChannelPromise promise)
      throws IOException {
    ToServer frame = (ToServer) said;
    int size = Frames.frameSize(frame);
    ByteBuf out = context.alloc().ioBuffer(size, size);
    ByteBuffer bytes = out.internalNioBuffer(0, size);
    Frames.writeLength(frame.getSerializedSize(), bytes);
    CodedOutputStream coded = CodedOutputStream.newInstance(bytes);
    frame.writeTo(coded);
    coded.flush();
    context.write(out.writerIndex(size), promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) throws IOException {
    ByteBuf in = (ByteBuf) read;
    try {
      while (in.isReadable()) {
        if (message == null) {
          begin(in.readByte());
        } else {
          int more = Math.min(in.readableBytes(), message.length - received);
          in.readBytes(message, received, more);
          received += more;
          if (received == message.length) {
            byte[] whole = message;
            message = null;
            context.fireChannelRead(ToDevice.parseFrom(whole));
          }
        }
      }
    } finally {
      in.release();
    }
  }

  private void begin(byte next) {
    length |= (next & 0x7F) << shift;
    shift += 7;
    if (next >= 0) {
      message = new byte[length];
      received = 0;
      length = 0;
      shift = 0;
    }
  }
}
