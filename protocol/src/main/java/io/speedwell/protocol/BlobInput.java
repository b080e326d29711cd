package io.speedwell.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the little-endian entries of a blob in order, and says where and why that is not possible.
 */
final class BlobInput {
  private final String format;
  private final ByteBuffer in;
  private int entry;
  private int entryAt;

  BlobInput(String format, byte[] blob) {
    this.format = format;
    this.in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether another entry begins here. */
  boolean nextEntry() {
    entry++;
    entryAt = in.position();
    return in.hasRemaining();
  }

  int u8() {
    need(1);
    return in.get() & 0xFF;
  }

  int i32() {
    need(Integer.BYTES);
    return in.getInt();
  }

  long u32() {
    return Integer.toUnsignedLong(i32());
  }

  float f32() {
    need(Float.BYTES);
    return in.getFloat();
  }

  /** A byte with a length in [least, most], then so many bytes of UTF-8. */
  String text(String what, int least, int most) {
    int length = u8();
    if (length < least || length > most) {
      throw broken("%s of %d bytes, %d..%d are allowed".formatted(what, length, least, most));
    }
    need(length);
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw broken(what + " is not UTF-8");
    }
  }

  BlobFormatException broken(String why) {
    return broken(CancelReason.CANCEL_BLOBS, why);
  }

  BlobFormatException broken(CancelReason reason, String why) {
    return new BlobFormatException(
        reason, "%s: entry %d (at byte %d): %s".formatted(format, entry, entryAt, why));
  }

  private void need(int bytes) {
    if (in.remaining() < bytes) {
      throw broken("the blob ends inside it");
    }
  }
}
