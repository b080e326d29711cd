package io.speedwell.gateway;

import com.google.protobuf.CodedOutputStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The frame of a message to a device. Pure functions. */
final class MessageFrame {
  private MessageFrame() {}

  /** A new buffer with the frame, which has its size. */
  static ByteBuf of(ToDevice message, ByteBufAllocator allocator) {
    int size = Frames.frameSize(message);
    ByteBuf buffer = allocator.ioBuffer(size, size);
    ByteBuffer bytes = buffer.internalNioBuffer(0, size);
    Frames.writeLength(message.getSerializedSize(), bytes);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a frame has room for its message", e);
    }
    return buffer.writerIndex(size);
  }
}
