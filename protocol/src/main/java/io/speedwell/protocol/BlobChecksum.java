package io.speedwell.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The checksum of a blob: CRC-32C over a tuple of its metadata and then its bytes (PROTOCOL.md,
 * section 5). Feed the bytes in order, in pieces of any size. Mutable; owned by one thread at a
 * time.
 */
public final class BlobChecksum {
  private static final int TUPLE_SIZE = 22;

  private final CRC32C crc = new CRC32C();

  /**
   * Starts the checksum of a blob. For roles below {@link Limits#ROLE_CONSTANT_END} run, round and
   * update are taken as 0.
   *
   * @param role 0..255
   * @param encoding 0..255
   * @param runId all 64 bits
   * @param round all 32 bits
   * @param updateId all 32 bits; 0 for a blob of a task
   * @param length bytes of the whole blob, 1 or more
   * @throws IllegalArgumentException if role, encoding or length is out of range
   */
  public BlobChecksum(int role, int encoding, long runId, int round, int updateId, int length) {
    if (role < 0
        || role > Limits.CODE_MAX
        || encoding < 0
        || encoding > Limits.CODE_MAX
        || length < 1) {
      throw new IllegalArgumentException(
          String.format(
              "role %d, encoding %d, length %d: role and encoding must be 0..255, length 1 or more",
              role, encoding, length));
    }
    boolean constant = role < Limits.ROLE_CONSTANT_END;
    ByteBuffer tuple = ByteBuffer.allocate(TUPLE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    tuple.put((byte) role).put((byte) encoding);
    tuple
        .putLong(constant ? 0 : runId)
        .putInt(constant ? 0 : round)
        .putInt(constant ? 0 : updateId);
    tuple.putInt(length);
    crc.update(tuple.flip());
  }

  /** Starts the checksum of a constant blob: a role below {@link Limits#ROLE_CONSTANT_END}. */
  public static BlobChecksum ofConstant(int role, int encoding, int length) {
    return new BlobChecksum(role, encoding, 0, 0, 0, length);
  }

  /** Adds the bytes from the buffer's position to its limit; the position is moved to the limit. */
  public BlobChecksum update(ByteBuffer bytes) {
    crc.update(bytes);
    return this;
  }

  /** Adds bytes. */
  public BlobChecksum update(byte[] bytes) {
    crc.update(bytes, 0, bytes.length);
    return this;
  }

  /** The checksum of what was added so far, as {@code blob_crc} carries it (all 32 bits). */
  public int value() {
    return (int) crc.getValue();
  }
}
