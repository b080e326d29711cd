package io.speedwell.session;

import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.nio.ByteBuffer;

/**
 * The frame of a {@code Chunk} to a device, written by hand so that its data can stay a slice of
 * shared bytes. The same bytes as the stock library's. Pure functions.
 */
final class ChunkFrame {
  private static final int WIRE_VARINT = 0;
  private static final int WIRE_BYTES = 2;

  private ChunkFrame() {}

  /** The most data a frame of so many bytes can carry; offset is the chunk's first byte. */
  static int capacity(int frameLimit, int handle, int index, int offset) {
    int message = frameLimit - Frames.prefixSize(frameLimit);
    int body = message - 1 - Frames.prefixSize(message);
    return body - numbersSize(handle, index, offset) - 1 - Frames.prefixSize(body);
  }

  static int size(int handle, int index, int offset, int length) {
    int body = bodySize(handle, index, offset, length);
    int message = 1 + Frames.prefixSize(body) + body;
    return Frames.prefixSize(message) + message;
  }

  static byte[] header(int handle, int index, int offset, int length) {
    int body = bodySize(handle, index, offset, length);
    int message = 1 + Frames.prefixSize(body) + body;
    ByteBuffer out = ByteBuffer.allocate(Frames.prefixSize(message) + message - length);
    Frames.writeLength(message, out);
    tag(out, ToDevice.CHUNK_FIELD_NUMBER, WIRE_BYTES);
    Frames.writeLength(body, out);
    number(out, Chunk.HANDLE_FIELD_NUMBER, handle);
    number(out, Chunk.BLOB_FIELD_NUMBER, index);
    number(out, Chunk.OFFSET_FIELD_NUMBER, offset);
    tag(out, Chunk.DATA_FIELD_NUMBER, WIRE_BYTES);
    Frames.writeLength(length, out);
    return out.array();
  }

  private static int bodySize(int handle, int index, int offset, int length) {
    return numbersSize(handle, index, offset) + 1 + Frames.prefixSize(length) + length;
  }

  private static int numbersSize(int handle, int index, int offset) {
    return numberSize(handle) + numberSize(index) + numberSize(offset);
  }

  private static int numberSize(int value) {
    return value == 0 ? 0 : 1 + Frames.prefixSize(value);
  }

  private static void number(ByteBuffer out, int field, int value) {
    if (value != 0) {
      tag(out, field, WIRE_VARINT);
      Frames.writeLength(value, out);
    }
  }

  private static void tag(ByteBuffer out, int field, int wireType) {
    out.put((byte) (field << 3 | wireType));
  }
}
