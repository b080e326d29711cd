package io.speedwell.simulate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.speedwell.protocol.Direction;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.StrictReader;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import io.speedwell.protocol.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * One end of a byte stream that frames, checks and parses; what it makes of messages is its heirs'
 * matter.
 */
abstract class TestEndpoint implements VirtualDevice {
  final String id;
  int frameLimit = 4096;
  boolean open;
  long now;
  long sentAt;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ByteBuffer in = ByteBuffer.allocate(0);

  TestEndpoint(String id) {
    this.id = id;
  }

  abstract void hear(ToDevice message);

  /** Forgets what was under way on an earlier connection. */
  final void clear() {
    in = ByteBuffer.allocate(0);
    out.reset();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public int room() {
    return open ? 1 << 20 : 0;
  }

  @Override
  public void put(byte[] bytes) {
    in = ByteBuffer.allocate(in.remaining() + bytes.length).put(in).put(bytes).flip();
  }

  @Override
  public byte[] take() {
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  void send(ToServer.Builder message) {
    byte[] bytes = message.build().toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(Frames.prefixSize(bytes.length) + bytes.length);
    Frames.writeLength(bytes.length, frame);
    sendRaw(frame.put(bytes).array());
  }

  void sendRaw(byte[] bytes) {
    out.writeBytes(bytes);
    sentAt = now;
  }

  final void read() {
    while (open && in.hasRemaining()) {
      ByteBuffer start = in.duplicate();
      int length = Frames.readLength(in, frameLimit);
      if (length < 0) {
        throw new AssertionError(id + ": " + Frames.brokenRule(length));
      }
      if (length == Frames.NEED_MORE || length > in.remaining()) {
        in = start;
        return;
      }
      ByteBuffer message = in.slice(in.position(), length);
      in.position(in.position() + length);
      if (!(StrictReader.of(Direction.TO_DEVICE).check(message) instanceof Verdict.Ok)) {
        throw new AssertionError(id + " got a frame that is not well-formed");
      }
      try {
        hear(ToDevice.parseFrom(message));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
  }
}
