package io.speedwell.jna;

import java.util.List;

/**
 * One tensor of a device's model.
 *
 * @param name 1..64 bytes
 * @param shape 1..4 dimensions, each at least 1
 * @param rule 0 mean, 1 sum, 2 local, 3 frozen
 */
public record DeviceTensor(String name, List<Integer> shape, int rule) {

  public DeviceTensor {
    shape = List.copyOf(shape);
    if (shape.isEmpty() || shape.size() > 4) {
      throw new IllegalArgumentException(name + ": a tensor has 1 to 4 dimensions, not " + shape);
    }
  }

  /** An averaged tensor. */
  public static DeviceTensor mean(String name, Integer... shape) {
    return new DeviceTensor(name, List.of(shape), 0);
  }

  public int elements() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
