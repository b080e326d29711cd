package io.speedwell.run.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The bytes of a trainer's configuration: the CONFIG blob (PROTOCOL.md, blob formats). */
final class ConfigBlob {
  static final int MAX_BYTES = 4_096;
  static final int MAX_KEY_BYTES = 32;
  static final int MAX_TEXT_BYTES = 255;

  private ConfigBlob() {}

  /**
   * Writes the entries in the map's order.
   *
   * @throws IllegalArgumentException naming the key that is out of range, or when all are too long
   */
  static byte[] write(Map<String, Object> config) {
    ByteBuffer out = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<String, Object> entry : config.entrySet()) {
      byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
      if (key.length < 1 || key.length > MAX_KEY_BYTES) {
        throw new IllegalArgumentException(
            "key %s has %d bytes, 1..32 are allowed".formatted(entry.getKey(), key.length));
      }
      byte[] value = value(entry.getKey(), entry.getValue());
      if (2 + key.length + value.length > out.remaining()) {
        throw new IllegalArgumentException("all entries together exceed 4,096 bytes");
      }
      out.put((byte) type(entry.getValue())).put((byte) key.length).put(key).put(value);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static int type(Object value) {
    if (value instanceof Float) {
      return 1;
    }
    if (value instanceof Integer) {
      return 2;
    }
    return value instanceof Boolean ? 3 : 4;
  }

  private static byte[] value(String key, Object value) {
    if (value instanceof Float number) {
      return four(Float.floatToRawIntBits(number));
    }
    if (value instanceof Integer number) {
      return four(number);
    }
    if (value instanceof Boolean flag) {
      return new byte[] {(byte) (flag ? 1 : 0)};
    }
    byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "the text of %s has %d bytes, 255 are allowed".formatted(key, text.length));
    }
    return ByteBuffer.allocate(1 + text.length).put((byte) text.length).put(text).array();
  }

  private static byte[] four(int bits) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bits).array();
  }
}
