package io.speedwell.model;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a layout: the LAYOUT blob of the protocol (PROTOCOL.md, blob formats). */
final class LayoutBlob {
  private LayoutBlob() {}

  static byte[] write(Layout layout) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Tensor tensor : layout.tensors()) {
      byte[] name = tensor.name().getBytes(StandardCharsets.UTF_8);
      out.write(name.length);
      out.writeBytes(name);
      out.write(tensor.type().number());
      out.write(tensor.rule().ordinal());
      out.write(tensor.shape().size());
      for (int dimension : tensor.shape()) {
        for (int shift = 0; shift < 32; shift += 8) {
          out.write(dimension >>> shift);
        }
      }
    }
    return out.toByteArray();
  }

  static Layout read(byte[] blob) {
    ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    List<Tensor> tensors = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        tensors.add(tensor(in));
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(
          "layout: the bytes end inside tensor %d".formatted(tensors.size()), e);
    }
    return Layout.of(tensors);
  }

  private static Tensor tensor(ByteBuffer in) {
    byte[] name = new byte[Byte.toUnsignedInt(in.get())];
    in.get(name);
    int type = Byte.toUnsignedInt(in.get());
    int rule = Byte.toUnsignedInt(in.get());
    int rank = Byte.toUnsignedInt(in.get());
    String text = text(name);
    if (type != ElementType.F32.number()) {
      throw new IllegalArgumentException(
          "tensor %s: element type %d is unknown".formatted(text, type));
    }
    if (rule >= Rule.values().length) {
      throw new IllegalArgumentException("tensor %s: rule %d is unknown".formatted(text, rule));
    }
    List<Integer> shape = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      shape.add(in.getInt()); // 2^31 and more reads as negative and is refused by Tensor
    }
    return new Tensor(text, shape, ElementType.F32, Rule.values()[rule]);
  }

  private static String text(byte[] name) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("layout: a tensor's name is not UTF-8", e);
    }
  }
}
