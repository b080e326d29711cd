package io.speedwell.session;

import com.google.protobuf.CodedInputStream;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Direction;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.StrictReader;
import io.speedwell.protocol.ToServer;
import io.speedwell.protocol.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a frame's message tells a session: checked strictly, then parsed. A {@code Chunk} is read by
 * hand, so that its data stays where it came in until it is copied to where it belongs. Pure
 * functions; every driver of sessions reads frames with them.
 */
public final class Incoming {
  private static final StrictReader READER = StrictReader.of(Direction.TO_SERVER);
  private static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private static final int WIRE_VARINT = 0;
  private static final int WIRE_FIXED64 = 1;
  private static final int WIRE_BYTES = 2;

  private Incoming() {}

  /**
   * Reads a message.
   *
   * @param message position to limit are the message, without the frame's length; direct or on the
   *     heap. It is not changed; the event of a chunk is a view of it.
   */
  public static SessionEvent read(ByteBuffer message) {
    Verdict verdict = READER.check(message);
    if (verdict instanceof Verdict.Malformed malformed) {
      return new SessionEvent.Malformed(malformed.rule().word());
    }
    if (verdict instanceof Verdict.UnknownMessage unknown) {
      return new SessionEvent.UnknownMessage(unknown.message());
    }
    if (((Verdict.Ok) verdict).message() == ToServer.CHUNK_FIELD_NUMBER) {
      return chunk(message.duplicate());
    }
    return new SessionEvent.Received(parse(message.duplicate()));
  }

  private static ToServer parse(ByteBuffer message) {
    try {
      return ToServer.parseFrom(CodedInputStream.newInstance(message));
    } catch (IOException e) {
      throw new IllegalStateException("the strict reader took what protobuf does not", e);
    }
  }

  /** The message is well-formed: every length and number in it is good. */
  private static SessionEvent.ChunkReceived chunk(ByteBuffer in) {
    int size = in.remaining();
    varint(in); // tag and length of the body, which is all there is
    varint(in);
    int handle = 0;
    int blob = 0;
    int offset = 0;
    ByteBuffer data = NONE;
    while (in.hasRemaining()) {
      long tag = varint(in);
      int wireType = (int) tag & 7;
      switch ((int) (tag >>> 3)) {
        case Chunk.HANDLE_FIELD_NUMBER -> handle = (int) varint(in);
        case Chunk.BLOB_FIELD_NUMBER -> blob = (int) varint(in);
        case Chunk.OFFSET_FIELD_NUMBER -> offset = (int) varint(in);
        case Chunk.DATA_FIELD_NUMBER -> data = bytes(in);
        default -> skip(in, wireType);
      }
    }
    return new SessionEvent.ChunkReceived(
        handle, blob, offset, data, Frames.prefixSize(size) + size);
  }

  private static void skip(ByteBuffer in, int wireType) {
    switch (wireType) {
      case WIRE_VARINT -> varint(in);
      case WIRE_FIXED64 -> in.position(in.position() + Long.BYTES);
      case WIRE_BYTES -> bytes(in);
      default -> in.position(in.position() + Integer.BYTES);
    }
  }

  private static ByteBuffer bytes(ByteBuffer in) {
    int length = (int) varint(in);
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    return bytes;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    long bits;
    int shift = 0;
    do {
      bits = in.get();
      value |= (bits & 0x7F) << shift;
      shift += 7;
    } while (bits < 0);
    return value;
  }
}
