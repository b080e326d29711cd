package io.speedwell.protocol;

import com.google.protobuf.MessageLite;
import java.nio.ByteBuffer;

/**
 * Frames: a minimal varint32 length, then one message (PROTOCOL.md, section 1). Pure functions;
 * nothing is kept, so a reader may call again from the frame's first byte whenever more bytes have
 * come.
 */
public final class Frames {
  /** {@link #readLength} has not all bytes of the length yet. */
  public static final int NEED_MORE = 0;

  private static final int VARINT32_MAX = 5;

  private Frames() {}

  /**
   * Reads the length that begins a frame.
   *
   * @param in bytes from the frame's first one on; when the length is whole and valid, its position
   *     is moved behind it, otherwise it is left alone
   * @param limit the largest frame taken, in bytes, length included; {@link
   *     Limits#FRAME_MIN}..{@link Limits#FRAME_MAX}
   * @return the bytes of the message that follows, 1 or more; or {@link #NEED_MORE}; or a negative
   *     number for {@link #brokenRule}
   */
  public static int readLength(ByteBuffer in, int limit) {
    int start = in.position();
    int available = Math.min(in.remaining(), VARINT32_MAX);
    long length = 0;
    for (int size = 1; size <= available; size++) {
      int bits = in.get(start + size - 1) & 0xFF;
      length |= (bits & 0x7FL) << (7 * (size - 1));
      if (bits < 0x80) {
        if (bits == 0) {
          return broken(size == 1 ? WireRule.LENGTH_ZERO : WireRule.LENGTH_OVERLONG);
        }
        if (size + length > limit) {
          return broken(WireRule.LENGTH_LIMIT);
        }
        in.position(start + size);
        return (int) length;
      }
    }
    return available == VARINT32_MAX ? broken(WireRule.LENGTH_LIMIT) : NEED_MORE;
  }

  /**
   * The rule a length breaks.
   *
   * @param result a negative result of {@link #readLength}
   */
  public static WireRule brokenRule(int result) {
    return WireRule.values()[~result];
  }

  /**
   * Writes the length that begins a frame.
   *
   * @param messageSize bytes of the message, 1 or more
   * @param out where to; it must have room for {@link #prefixSize}
   */
  public static void writeLength(int messageSize, ByteBuffer out) {
    int rest = messageSize;
    while (rest >= 0x80) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  /** The bytes of the length that begins a frame with a message of so many bytes (1 or more). */
  public static int prefixSize(int messageSize) {
    int size = 1;
    for (int rest = messageSize; rest >= 0x80; rest >>>= 7) {
      size++;
    }
    return size;
  }

  /** The bytes of the whole frame of a message, length included. */
  public static int frameSize(MessageLite message) {
    int size = message.getSerializedSize();
    return prefixSize(size) + size;
  }

  /**
   * The most bytes of {@code Chunk.data} that surely fit a frame, whatever the chunk's numbers are.
   *
   * @param limit the receiver's frame limit; {@link Limits#FRAME_MIN}..{@link Limits#FRAME_MAX}
   */
  public static int chunkCapacity(int limit) {
    int message = limit - prefixSize(limit);
    int body = message - 1 - prefixSize(message);
    int numbers = 3 * (1 + VARINT32_MAX);
    return body - numbers - 1 - prefixSize(body);
  }

  private static int broken(WireRule rule) {
    return ~rule.ordinal();
  }
}
