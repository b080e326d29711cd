package io.speedwell.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes that light devices send as their weights: small numbers, shared. Immutable. */
final class Update {
  private final ByteBuffer bytes;

  /**
   * @param elements the most that a model has
   */
  Update(int elements) {
    ByteBuffer filled = ByteBuffer.allocateDirect(Float.BYTES * elements);
    filled.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      filled.putFloat((i % 101 - 50) / 512f);
    }
    bytes = filled.flip().asReadOnlyBuffer();
  }

  /** The first so many bytes. */
  ByteBuffer bytes(int length) {
    return bytes.slice(0, length);
  }

  ByteString slice(int offset, int length) {
    return UnsafeByteOperations.unsafeWrap(bytes.slice(offset, length));
  }
}
