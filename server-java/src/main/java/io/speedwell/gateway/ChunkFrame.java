package io.speedwell.gateway;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The head of a {@link Chunk} frame: every byte before its data, which follows as a slice of shared
 * memory. Byte for byte what protobuf would write.
 */
final class ChunkFrame {
  private static final int HEAD_MAX = 40;

  private ChunkFrame() {}

  /**
   * @param handle 1 or more
   * @param blob 0 or more
   * @param offset 0 or more
   * @param length bytes of data that follow, 1 or more
   * @return a new buffer, owned by the caller
   */
  static ByteBuf head(ByteBufAllocator allocator, int handle, int blob, int offset, int length) {
    int body =
        uint32Size(Chunk.HANDLE_FIELD_NUMBER, handle)
            + uint32Size(Chunk.BLOB_FIELD_NUMBER, blob)
            + uint32Size(Chunk.OFFSET_FIELD_NUMBER, offset)
            + CodedOutputStream.computeTagSize(Chunk.DATA_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(length)
            + length;
    int message =
        CodedOutputStream.computeTagSize(ToDevice.CHUNK_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(body)
            + body;
    ByteBuf head = allocator.ioBuffer(HEAD_MAX, HEAD_MAX);
    ByteBuffer bytes = head.internalNioBuffer(0, HEAD_MAX);
    int start = bytes.position();
    Frames.writeLength(message, bytes);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeTag(ToDevice.CHUNK_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(body);
      writeUint32(out, Chunk.HANDLE_FIELD_NUMBER, handle);
      writeUint32(out, Chunk.BLOB_FIELD_NUMBER, blob);
      writeUint32(out, Chunk.OFFSET_FIELD_NUMBER, offset);
      out.writeTag(Chunk.DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(length);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return head.writerIndex(bytes.position() - start);
  }

  private static int uint32Size(int field, int value) {
    return value == 0 ? 0 : CodedOutputStream.computeUInt32Size(field, value);
  }

  private static void writeUint32(CodedOutputStream out, int field, int value) throws IOException {
    if (value != 0) {
      out.writeUInt32(field, value);
    }
  }
}
