package io.speedwell.model.file;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: 8 bytes header length, a JSON header, data. The tensors' data must cover the
 * rest of the file without gaps or overlaps, as the format demands.
 */
public final class SafeTensorsReader {
  private static final int MAX_HEADER = 16 << 20;

  private final Path file;
  private final List<TensorHeader> headers;
  private final Map<String, String> metadata;

  private SafeTensorsReader(Path file, List<TensorHeader> headers, Map<String, String> metadata) {
    this.file = file;
    this.headers = headers;
    this.metadata = metadata;
  }

  /**
   * Reads and checks the header.
   *
   * @throws ModelFileException when it is no safetensors file
   * @throws IOException when it cannot be read
   */
  public static SafeTensorsReader read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      if (size < 8) {
        throw new ModelFileException(file, "%d bytes are no safetensors file", size);
      }
      fill(channel, length);
      long header = length.getLong(0);
      if (header < 2 || header > MAX_HEADER || header > size - 8) {
        throw new ModelFileException(
            file,
            "a header of %s bytes in a file of %d is no safetensors header",
            Long.toUnsignedString(header),
            size);
      }
      ByteBuffer json = ByteBuffer.allocate((int) header);
      fill(channel, json);
      SafeTensorsHeader parsed = SafeTensorsHeader.parse(file, json.array(), 8 + header);
      checkData(file, parsed.tensors(), 8 + header, size);
      return new SafeTensorsReader(file, parsed.tensors(), parsed.metadata());
    }
  }

  private static void fill(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the file became shorter");
      }
    }
  }

  private static void checkData(Path file, List<TensorHeader> headers, long start, long size)
      throws ModelFileException {
    List<TensorHeader> ordered =
        headers.stream()
            .sorted(
                Comparator.comparingLong(TensorHeader::position)
                    .thenComparingLong(TensorHeader::bytes))
            .toList();
    long at = start;
    for (TensorHeader header : ordered) {
      if (header.position() != at) {
        throw new ModelFileException(
            file,
            "tensor %s: its data begins at byte %d, where %d was expected (gap or overlap)",
            header.name(),
            header.position(),
            at);
      }
      if (header.bytes() > size - at) {
        throw new ModelFileException(
            file, "tensor %s: its data ends beyond the file", header.name());
      }
      at += header.bytes();
    }
    if (at != size) {
      throw new ModelFileException(file, "%d bytes behind the last tensor", size - at);
    }
  }

  /** All tensors, in the header's order. */
  public List<TensorHeader> headers() {
    return headers;
  }

  /** The free texts of the header. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * The values of a layout's parameters; the file must hold exactly these tensors.
   *
   * @throws ModelFileException naming what does not fit
   * @throws IOException when the file cannot be read
   */
  public Parameters load(Layout layout) throws IOException {
    ModelFiles.refuseOthers(file, headers, layout);
    return loadAmongOthers(layout);
  }

  /** Like {@link #load}, other tensors ignored. */
  public Parameters loadAmongOthers(Layout layout) throws IOException {
    float[] values = new float[layout.parameterCount()];
    try (FileChannel channel = FileChannel.open(file)) {
      for (int i = 0; i < layout.tensors().size(); i++) {
        Tensor tensor = layout.tensors().get(i);
        if (!tensor.rule().inParameters()) {
          continue;
        }
        TensorHeader header = ModelFiles.find(file, headers, tensor, "F32");
        channel.position(header.position());
        FloatInput.read(channel, values, layout.parameterOffset(i), tensor.elements());
      }
    }
    return Parameters.of(layout, values);
  }

  /**
   * The data of a tensor of single bytes; empty when the file has none of this name.
   *
   * @throws ModelFileException when it is of another type or longer than most
   */
  public byte[] bytes(String name, int most) throws IOException {
    for (TensorHeader header : headers) {
      if (header.name().equals(name)) {
        if (!header.type().equals("U8") || header.bytes() > most) {
          throw new ModelFileException(
              file, "tensor %s: at most %d elements of type U8 are needed", name, most);
        }
        ByteBuffer data = ByteBuffer.allocate((int) header.bytes());
        try (FileChannel channel = FileChannel.open(file)) {
          fill(channel.position(header.position()), data);
        }
        return data.array();
      }
    }
    return new byte[0];
  }
}
