package io.speedwell.model.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/** Reads little-endian f32 values in pieces. */
final class FloatInput {
  private static final int PIECE = 1 << 16;

  private FloatInput() {}

  /** Fills values[from .. from + count - 1]; EOFException when the channel ends before. */
  static void read(ReadableByteChannel in, float[] values, int from, int count) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    int at = from;
    int end = from + count;
    while (at < end) {
      int floats = Math.min(end - at, PIECE / 4);
      piece.clear().limit(4 * floats);
      while (piece.hasRemaining()) {
        if (in.read(piece) < 0) {
          throw new EOFException();
        }
      }
      piece.flip();
      piece.asFloatBuffer().get(values, at, floats);
      at += floats;
    }
  }
}
