package io.speedwell.model;

import io.speedwell.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One tensor of a model, without its values: elements stand in C order.
 *
 * @param name 1..64 bytes of UTF-8 without control characters
 * @param shape 1..4 dimensions, each at least 1
 * @param type element type
 * @param rule what may happen to it
 */
public record Tensor(String name, List<Integer> shape, ElementType type, Rule rule) {
  /**
   * Checks the ranges above.
   *
   * @throws IllegalArgumentException naming the tensor and what is out of range
   */
  public Tensor {
    shape = List.copyOf(shape);
    int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (nameBytes < 1 || nameBytes > Limits.TENSOR_NAME_MAX) {
      throw new IllegalArgumentException(
          "tensor \"%s\": the name has %d bytes, 1..64 are allowed".formatted(name, nameBytes));
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("tensor name with a control character");
    }
    if (shape.isEmpty() || shape.size() > Limits.RANK_MAX) {
      throw new IllegalArgumentException(
          "tensor %s: %d dimensions, 1..4 are allowed".formatted(name, shape.size()));
    }
    long elements = 1;
    for (int dimension : shape) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "tensor %s: dimension %d, at least 1 is needed".formatted(name, dimension));
      }
      elements *= dimension;
      if (elements > Layout.MAX_PARAMETERS) {
        throw new IllegalArgumentException(
            "tensor %s: shape %s has too many elements, %d are allowed"
                .formatted(name, shape, Layout.MAX_PARAMETERS));
      }
    }
  }

  /** An f32 tensor. */
  public static Tensor f32(String name, Rule rule, Integer... shape) {
    return new Tensor(name, List.of(shape), ElementType.F32, rule);
  }

  /** Product of the dimensions. */
  public int elements() {
    int elements = 1;
    for (int dimension : shape) {
      elements *= dimension;
    }
    return elements;
  }
}
