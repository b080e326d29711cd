package io.speedwell.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The format of a {@code CONFIG} blob: keys with typed values, in order (PROTOCOL.md, section 8).
 */
public final class ConfigBlob {
  private static final String FORMAT = "config";
  private static final int TYPE_F32 = 1;
  private static final int TYPE_U32 = 2;
  private static final int TYPE_BOOL = 3;
  private static final int TYPE_TEXT = 4;
  private static final long U32_MAX = 0xFFFF_FFFFL;
  private static final int TEXT_MAX = 255;

  /** A typed value. Immutable. */
  public sealed interface Value {}

  /** A number in binary32. */
  public record F32(float value) implements Value {}

  /** A whole number, 0..2^32-1. */
  public record U32(long value) implements Value {
    /** Checks the range. */
    public U32 {
      if (value < 0 || value > U32_MAX) {
        throw new IllegalArgumentException("config: " + value + " is not in 0..2^32-1");
      }
    }
  }

  /** True or false. */
  public record Bool(boolean value) implements Value {}

  /** Text of at most 255 bytes of UTF-8. */
  public record Text(String value) implements Value {}

  private ConfigBlob() {}

  /**
   * The bytes of a configuration, in the map's order.
   *
   * @param entries keys of 1..32 bytes of UTF-8
   * @throws IllegalArgumentException when a key or a text is too long, or the whole is above 4,096
   *     bytes
   */
  public static byte[] encode(Map<String, Value> entries) {
    BlobOutput out = new BlobOutput(FORMAT);
    entries.forEach((key, value) -> encode(out, key, value));
    return out.bytes(Limits.CONFIG_MAX);
  }

  /**
   * The entries of a configuration, in order; the map cannot be changed. Unlike a device, which
   * stops there, this fails at the first entry it cannot read.
   *
   * @throws BlobFormatException when the bytes are not a configuration
   */
  public static Map<String, Value> decode(byte[] blob) {
    BlobInput in = new BlobInput(FORMAT, blob);
    Map<String, Value> entries = new LinkedHashMap<>();
    while (in.nextEntry()) {
      int type = in.u8();
      String key = in.text("key", 1, Limits.KEY_MAX);
      if (entries.put(key, value(in, type, key)) != null) {
        throw in.broken("key \"%s\" occurs twice".formatted(key));
      }
    }
    if (blob.length > Limits.CONFIG_MAX) {
      throw in.broken("%d bytes, at most %d are allowed".formatted(blob.length, Limits.CONFIG_MAX));
    }
    return Collections.unmodifiableMap(entries);
  }

  private static void encode(BlobOutput out, String key, Value value) {
    out.u8(type(value));
    out.text("key", key, 1, Limits.KEY_MAX);
    if (value instanceof F32 f32) {
      out.f32(f32.value());
    } else if (value instanceof U32 u32) {
      out.u32((int) u32.value());
    } else if (value instanceof Bool bool) {
      out.u8(bool.value() ? 1 : 0);
    } else if (value instanceof Text text) {
      out.text("value of " + key, text.value(), 0, TEXT_MAX);
    }
  }

  private static int type(Value value) {
    if (value instanceof F32) {
      return TYPE_F32;
    }
    if (value instanceof U32) {
      return TYPE_U32;
    }
    return value instanceof Bool ? TYPE_BOOL : TYPE_TEXT;
  }

  private static Value value(BlobInput in, int type, String key) {
    return switch (type) {
      case TYPE_F32 -> new F32(in.f32());
      case TYPE_U32 -> new U32(in.u32());
      case TYPE_BOOL -> new Bool(bool(in, key));
      case TYPE_TEXT -> new Text(in.text("value of " + key, 0, TEXT_MAX));
      default -> throw in.broken("key \"%s\": type %d is unknown".formatted(key, type));
    };
  }

  private static boolean bool(BlobInput in, String key) {
    int value = in.u8();
    if (value > 1) {
      throw in.broken("key \"%s\": a bool of %d, 0 or 1 is allowed".formatted(key, value));
    }
    return value == 1;
  }
}
