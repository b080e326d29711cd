package io.speedwell.run.plan;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a text's UTF-8. */
final class Sha256 {
  private Sha256() {}

  static String hex(String text) {
    return HexFormat.of().formatHex(digest(text));
  }

  /** The first 8 bytes, big-endian. */
  static long first(String text) {
    return ByteBuffer.wrap(digest(text)).getLong();
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
