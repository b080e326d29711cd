package io.speedwell.e2e;

import io.speedwell.protocol.Frames;
import io.speedwell.protocol.Limits;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Cuts one direction of a connection into messages. One thread. */
final class FrameSplitter {
  private final Consumer<ByteBuffer> messages;
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 18);

  FrameSplitter(Consumer<ByteBuffer> messages) {
    this.messages = messages;
  }

  /** A new connection: what was begun never ends. */
  void restart() {
    bytes.clear();
  }

  void put(byte[] more) {
    bytes.put(more).flip();
    while (next()) {}
    bytes.compact();
  }

  private boolean next() {
    int start = bytes.position();
    int length = Frames.readLength(bytes, Limits.FRAME_MAX);
    if (length < 0) {
      throw new AssertionError("a frame breaks a rule: " + Frames.brokenRule(length).word());
    }
    if (length == Frames.NEED_MORE || bytes.remaining() < length) {
      bytes.position(start);
      return false;
    }
    messages.accept(bytes.slice(bytes.position(), length));
    bytes.position(bytes.position() + length);
    return true;
  }
}
