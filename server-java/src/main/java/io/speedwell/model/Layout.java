package io.speedwell.model;

import io.speedwell.protocol.BlobFormatException;
import io.speedwell.protocol.LayoutBlob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tensors of a model, in order. Two vectors follow from it:
 *
 * <ul>
 *   <li><i>parameters</i>: the elements of every tensor but the local ones; what the server holds
 *       and sends down;
 *   <li><i>update</i>: the elements of the tensors whose rule is mean or sum; what devices send up.
 * </ul>
 *
 * Immutable.
 */
public final class Layout {
  /** Most elements of a parameter vector: its blob has at most 2^31-1 bytes. */
  public static final int MAX_PARAMETERS = Integer.MAX_VALUE / 4;

  /** Most tensors. */
  public static final int MAX_TENSORS = 65_535;

  /**
   * A run of update elements whose parameters are neighbours too and share a rule.
   *
   * @param update index of the first element in the update
   * @param parameter index of the first element in the parameters
   * @param length elements
   * @param rule mean or sum
   */
  public record Segment(int update, int parameter, int length, Rule rule) {}

  private final List<Tensor> tensors;
  private final int[] parameterOffsets;
  private final List<Segment> segments;
  private final int parameterCount;
  private final int updateCount;

  private Layout(List<Tensor> tensors) {
    this.tensors = List.copyOf(tensors);
    if (this.tensors.isEmpty() || this.tensors.size() > MAX_TENSORS) {
      throw new IllegalArgumentException(
          "a layout has 1..65,535 tensors, not " + this.tensors.size());
    }
    this.parameterOffsets = new int[this.tensors.size()];
    List<Segment> built = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long parameters = 0;
    int updates = 0;
    for (int i = 0; i < parameterOffsets.length; i++) {
      Tensor tensor = this.tensors.get(i);
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "tensor %s: the name occurs twice".formatted(tensor.name()));
      }
      parameterOffsets[i] = (int) parameters;
      if (!tensor.rule().inParameters()) {
        continue;
      }
      if (tensor.rule().inUpdate()) {
        append(built, new Segment(updates, (int) parameters, tensor.elements(), tensor.rule()));
        updates += tensor.elements();
      }
      parameters += tensor.elements();
      if (parameters > MAX_PARAMETERS) {
        throw new IllegalArgumentException(
            "the layout has more than %d parameters at tensor %s"
                .formatted(MAX_PARAMETERS, tensor.name()));
      }
    }
    if (updates == 0) {
      throw new IllegalArgumentException("no tensor has the rule mean or sum: nothing to learn");
    }
    this.segments = List.copyOf(built);
    this.parameterCount = (int) parameters;
    this.updateCount = updates;
  }

  private static void append(List<Segment> built, Segment next) {
    if (!built.isEmpty()) {
      Segment last = built.get(built.size() - 1);
      if (last.rule() == next.rule() && last.parameter() + last.length() == next.parameter()) {
        built.set(
            built.size() - 1,
            new Segment(
                last.update(), last.parameter(), last.length() + next.length(), last.rule()));
        return;
      }
    }
    built.add(next);
  }

  /**
   * A layout of these tensors.
   *
   * @throws IllegalArgumentException when there are none or too many, a name occurs twice, or no
   *     tensor is ever sent up
   */
  public static Layout of(List<Tensor> tensors) {
    return new Layout(tensors);
  }

  /** A layout of these tensors; see {@link #of(List)}. */
  public static Layout of(Tensor... tensors) {
    return new Layout(List.of(tensors));
  }

  /**
   * Reads a layout blob.
   *
   * @throws BlobFormatException when the bytes are no layout blob
   * @throws IllegalArgumentException when there can be no model of its tensors; see {@link
   *     #of(List)}
   */
  public static Layout fromBlob(byte[] blob) {
    List<Tensor> tensors = new ArrayList<>();
    for (LayoutBlob.Tensor tensor : LayoutBlob.decode(blob)) {
      Rule rule = Rule.values()[tensor.rule()];
      tensors.add(new Tensor(tensor.name(), tensor.dims(), ElementType.F32, rule));
    }
    return new Layout(tensors);
  }

  /** The layout blob of the protocol; a new array. */
  public byte[] toBlob() {
    List<LayoutBlob.Tensor> entries = new ArrayList<>();
    for (Tensor tensor : tensors) {
      entries.add(
          new LayoutBlob.Tensor(
              tensor.name(), tensor.type().number(), tensor.rule().ordinal(), tensor.shape()));
    }
    return LayoutBlob.encode(entries);
  }

  /** The tensors, in order. */
  public List<Tensor> tensors() {
    return tensors;
  }

  /** Elements of the parameter vector. */
  public int parameterCount() {
    return parameterCount;
  }

  /** Elements of an update; at least 1. */
  public int updateCount() {
    return updateCount;
  }

  /** The update's elements and where their parameters are; ascending, no gaps in the update. */
  public List<Segment> segments() {
    return segments;
  }

  /** Whether element i of an update is parameter i for every i, and all parameters are sent up. */
  public boolean updateIsParameters() {
    return updateCount == parameterCount;
  }

  /** Index of tensor i's first element in the parameters; meaningless for a local tensor. */
  public int parameterOffset(int tensor) {
    return parameterOffsets[tensor];
  }

  /**
   * Index in the parameters of an element of the update.
   *
   * @throws IndexOutOfBoundsException when it is not in 0..updateCount()-1
   */
  public int parameterIndex(int updateIndex) {
    for (Segment segment : segments) {
      if (updateIndex >= segment.update() && updateIndex - segment.update() < segment.length()) {
        return segment.parameter() + updateIndex - segment.update();
      }
    }
    throw new IndexOutOfBoundsException(updateIndex);
  }

  /** Name of the tensor that element i of an update belongs to; for messages. */
  public String tensorOfUpdate(int updateIndex) {
    return tensorOfParameter(parameterIndex(updateIndex));
  }

  /** Name of the tensor that parameter i belongs to; for messages. */
  public String tensorOfParameter(int index) {
    Objects.checkIndex(index, parameterCount);
    int i = 0;
    while (!tensors.get(i).rule().inParameters()
        || index - parameterOffsets[i] >= tensors.get(i).elements()) {
      i++;
    }
    return tensors.get(i).name();
  }

  /** Place of the tensor of this name. */
  public OptionalInt indexOf(String name) {
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).name().equals(name)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /** In one sentence, the first difference to another layout; empty when they are equal. */
  public Optional<String> difference(Layout other) {
    for (int i = 0; i < Math.max(tensors.size(), other.tensors.size()); i++) {
      if (i >= other.tensors.size()) {
        return Optional.of("tensor %s is missing".formatted(tensors.get(i).name()));
      }
      Tensor theirs = other.tensors.get(i);
      if (i >= tensors.size()) {
        return Optional.of("tensor %s is not expected".formatted(theirs.name()));
      }
      Tensor ours = tensors.get(i);
      if (!ours.equals(theirs)) {
        return Optional.of("tensor %d is %s, expected is %s".formatted(i, theirs, ours));
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout layout && tensors.equals(layout.tensors);
  }

  @Override
  public int hashCode() {
    return tensors.hashCode();
  }

  @Override
  public String toString() {
    return "Layout" + tensors;
  }
}
