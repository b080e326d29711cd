package io.speedwell.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the little-endian entries of a blob. */
final class BlobOutput {
  private final String format;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  BlobOutput(String format) {
    this.format = format;
  }

  void u8(int value) {
    out.write(value);
  }

  void u32(int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += 8) {
      out.write(value >>> shift);
    }
  }

  void f32(float value) {
    u32(Float.floatToIntBits(value));
  }

  /** A byte with the length, then the text in UTF-8. */
  void text(String what, String text, int least, int most) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < least || bytes.length > most) {
      throw new IllegalArgumentException(
          "%s: %s \"%s\" has %d bytes, %d..%d are allowed"
              .formatted(format, what, text, bytes.length, least, most));
    }
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  byte[] bytes(int most) {
    if (out.size() > most) {
      throw new IllegalArgumentException(
          "%s: %d bytes, at most %d are allowed".formatted(format, out.size(), most));
    }
    return out.toByteArray();
  }
}
