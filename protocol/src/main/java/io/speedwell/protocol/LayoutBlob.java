package io.speedwell.protocol;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The format of a {@code LAYOUT} blob: the tensors of a model, in order (PROTOCOL.md, section 8).
 */
public final class LayoutBlob {
  /** Element type: IEEE 754 binary32. */
  public static final int F32 = 1;

  /** Rule: sent down, trained, sent up, averaged. */
  public static final int MEAN = 0;

  /** Rule: sent down, sent up, summed. */
  public static final int SUM = 1;

  /** Rule: never leaves the device, never comes from the server. */
  public static final int LOCAL = 2;

  /** Rule: sent down, never sent up. */
  public static final int FROZEN = 3;

  private static final String FORMAT = "layout";

  /**
   * One tensor. Immutable.
   *
   * @param name 1..64 bytes of UTF-8
   * @param type element type; {@link #F32}
   * @param rule {@link #MEAN}, {@link #SUM}, {@link #LOCAL} or {@link #FROZEN}
   * @param dims 1..4 dimensions of 1..2^31-1
   */
  public record Tensor(String name, int type, int rule, List<Integer> dims) {
    /** Copies the dimensions. */
    public Tensor {
      dims = List.copyOf(dims);
    }
  }

  private LayoutBlob() {}

  /**
   * The bytes of a layout.
   *
   * @throws IllegalArgumentException when a tensor is out of range or a name occurs twice
   */
  public static byte[] encode(List<Tensor> tensors) {
    BlobOutput out = new BlobOutput(FORMAT);
    Set<String> names = new HashSet<>();
    for (Tensor tensor : tensors) {
      String wrong = names.add(tensor.name()) ? wrong(tensor) : "the name occurs twice";
      if (wrong != null) {
        throw new IllegalArgumentException(
            "layout: tensor \"%s\": %s".formatted(tensor.name(), wrong));
      }
      out.text("name", tensor.name(), 1, Limits.TENSOR_NAME_MAX);
      out.u8(tensor.type());
      out.u8(tensor.rule());
      out.u8(tensor.dims().size());
      tensor.dims().forEach(out::u32);
    }
    return out.bytes(Limits.BLOB_LENGTH_MAX);
  }

  /**
   * The tensors of a layout.
   *
   * @throws BlobFormatException when the bytes are not a layout
   */
  public static List<Tensor> decode(byte[] blob) {
    BlobInput in = new BlobInput(FORMAT, blob);
    List<Tensor> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    while (in.nextEntry()) {
      String name = in.text("name", 1, Limits.TENSOR_NAME_MAX);
      int type = in.u8();
      int rule = in.u8();
      int rank = in.u8();
      List<Integer> dims = new ArrayList<>();
      for (int i = 0; i < rank && rank <= Limits.RANK_MAX; i++) {
        dims.add(in.i32());
      }
      Tensor tensor = new Tensor(name, type, rule, dims);
      String wrong = names.add(name) ? wrong(tensor) : "the name occurs twice";
      if (wrong != null) {
        throw in.broken("tensor \"%s\": %s".formatted(name, wrong));
      }
      tensors.add(tensor);
    }
    return List.copyOf(tensors);
  }

  private static String wrong(Tensor tensor) {
    if (tensor.type() != F32) {
      return "element type " + tensor.type() + " is unknown";
    }
    if (tensor.rule() < MEAN || tensor.rule() > FROZEN) {
      return "rule " + tensor.rule() + " is unknown";
    }
    if (tensor.dims().isEmpty() || tensor.dims().size() > Limits.RANK_MAX) {
      return "the rank must be 1.." + Limits.RANK_MAX;
    }
    boolean positive = tensor.dims().stream().allMatch(dim -> dim >= 1);
    return positive ? null : "every dimension must be 1..2^31-1";
  }
}
