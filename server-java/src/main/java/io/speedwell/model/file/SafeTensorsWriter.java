package io.speedwell.model.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.speedwell.model.Parameters;
import io.speedwell.model.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files: the tensors in the layout's order, local ones left out, then extra
 * bytes. The same content gives the same bytes.
 */
public final class SafeTensorsWriter {
  private static final int PIECE = 1 << 14; // floats
  private static final int ALIGNMENT = 8;

  private SafeTensorsWriter() {}

  /** Writes a model and nothing else. */
  public static void write(OutputStream out, Parameters parameters) throws IOException {
    write(out, parameters, Map.of(), Map.of());
  }

  /**
   * Writes a model with more.
   *
   * @param metadata texts of the header, written in the map's order
   * @param bytes tensors of single bytes, by name, behind the model
   */
  public static void write(
      OutputStream out,
      Parameters parameters,
      Map<String, String> metadata,
      Map<String, byte[]> bytes)
      throws IOException {
    byte[] header = header(parameters, metadata, bytes);
    int padding = -header.length & (ALIGNMENT - 1);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length + padding).array());
    out.write(header);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    floats(out, parameters.values(), 0, parameters.values().length);
    for (byte[] extra : bytes.values()) {
      out.write(extra);
    }
  }

  private static byte[] header(
      Parameters parameters, Map<String, String> metadata, Map<String, byte[]> bytes)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long at = 0;
      for (Tensor tensor : parameters.layout().tensors()) {
        if (tensor.rule().inParameters()) {
          long end = at + 4L * tensor.elements();
          tensor(json, tensor.name(), "F32", tensor.shape(), at, end);
          at = end;
        }
      }
      for (Map.Entry<String, byte[]> extra : bytes.entrySet()) {
        int size = extra.getValue().length;
        tensor(json, extra.getKey(), "U8", List.of(size), at, at + size);
        at += size;
      }
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void tensor(
      JsonGenerator json, String name, String type, List<Integer> shape, long from, long to)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("dtype", type);
    json.writeArrayFieldStart("shape");
    for (int dimension : shape) {
      json.writeNumber(dimension);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(from);
    json.writeNumber(to);
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Writes values little-endian, in pieces. */
  static void floats(OutputStream out, float[] values, int from, int count) throws IOException {
    ByteBuffer piece =
        ByteBuffer.allocate(4 * Math.min(count, PIECE)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = from; at < from + count; at += PIECE) {
      int size = Math.min(PIECE, from + count - at);
      piece.asFloatBuffer().put(values, at, size);
      out.write(piece.array(), 0, 4 * size);
    }
  }
}
