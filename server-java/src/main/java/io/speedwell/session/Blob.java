package io.speedwell.session;

import java.nio.ByteBuffer;

/**
 * A blob the server offers: immutable bytes shared by every session that sends them, never copied
 * per device. Safe to share between threads.
 */
public final class Blob {
  private final int role;
  private final int encoding;
  private final int crc;
  private final ByteBuffer bytes;

  /**
   * @param role role number of the protocol, 1..255
   * @param encoding encoding number of the protocol, 0..255
   * @param crc the blob's checksum as PROTOCOL.md section 5 has it
   * @param bytes position to limit are the blob's bytes, at least one; not copied, so they must not
   *     change any more
   */
  public Blob(int role, int encoding, int crc, ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      throw new IllegalArgumentException(
          "a blob has at least one byte; role " + role + " has none");
    }
    this.role = role;
    this.encoding = encoding;
    this.crc = crc;
    this.bytes = bytes.slice().asReadOnlyBuffer();
  }

  public int role() {
    return role;
  }

  public int encoding() {
    return encoding;
  }

  public int crc() {
    return crc;
  }

  /** Bytes of the blob, 1 or more. */
  public int length() {
    return bytes.limit();
  }

  /** A read-only view of a part of the shared bytes, with position and limit of its own. */
  public ByteBuffer slice(int offset, int length) {
    return bytes.slice(offset, length);
  }
}
