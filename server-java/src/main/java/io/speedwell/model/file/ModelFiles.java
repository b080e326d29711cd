package io.speedwell.model.file;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads models from safetensors and npz files, told apart by their names' ends. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * What a file holds, without its values.
   *
   * @throws ModelFileException when it is no such file
   * @throws IOException when it cannot be read
   */
  public static List<TensorHeader> headers(Path file) throws IOException {
    return isNpz(file) ? NpzReader.headers(file) : SafeTensorsReader.read(file).headers();
  }

  /**
   * The values of a layout's parameters. The file must hold exactly these tensors, in any order.
   *
   * @throws ModelFileException naming what does not fit
   * @throws IOException when the file cannot be read
   */
  public static Parameters load(Path file, Layout layout) throws IOException {
    return isNpz(file) ? NpzReader.load(file, layout) : SafeTensorsReader.read(file).load(layout);
  }

  /**
   * Like {@link #load}, for a model that is to be trained: every value must be finite.
   *
   * @throws ModelFileException naming the tensor that has a value which is not, or what does not
   *     fit
   * @throws IOException when the file cannot be read
   */
  public static Parameters loadFinite(Path file, Layout layout) throws IOException {
    Parameters parameters = load(file, layout);
    int index = parameters.firstNonFinite();
    if (index < 0) {
      return parameters;
    }
    throw new ModelFileException(
        file,
        "tensor %s has a value that is not finite (%s)",
        layout.tensorOfParameter(index),
        parameters.values()[index]);
  }

  private static boolean isNpz(Path file) throws ModelFileException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".npz") && !name.endsWith(".safetensors")) {
      throw new ModelFileException(file, "a name ending in .safetensors or .npz is needed");
    }
    return name.endsWith(".npz");
  }

  /** The header for this tensor, its type and shape checked. */
  static TensorHeader find(Path file, List<TensorHeader> headers, Tensor tensor, String type)
      throws ModelFileException {
    for (TensorHeader header : headers) {
      if (!header.name().equals(tensor.name())) {
        continue;
      }
      if (!header.type().equals(type)) {
        throw new ModelFileException(
            file, "tensor %s: elements are %s, needed are %s", tensor.name(), header.type(), type);
      }
      List<Long> shape = tensor.shape().stream().map(Integer::longValue).toList();
      if (!header.shape().equals(shape)) {
        throw new ModelFileException(
            file, "tensor %s: shape %s, needed is %s", tensor.name(), header.shape(), shape);
      }
      return header;
    }
    throw new ModelFileException(file, "tensor %s is missing", tensor.name());
  }

  /** Refuses tensors that the layout does not have. */
  static void refuseOthers(Path file, List<TensorHeader> headers, Layout layout)
      throws ModelFileException {
    Set<String> known =
        layout.tensors().stream()
            .filter(tensor -> tensor.rule().inParameters())
            .map(Tensor::name)
            .collect(Collectors.toCollection(HashSet::new));
    for (TensorHeader header : headers) {
      if (!known.contains(header.name())) {
        throw new ModelFileException(file, "tensor %s is not in the model", header.name());
      }
    }
  }

  /** Product of the dimensions times 4; -1 when a dimension is negative or it exceeds 2^62. */
  static long f32Bytes(List<Long> shape) {
    long bytes = 4;
    for (long dimension : shape) {
      if (dimension < 0 || (dimension > 0 && bytes > (1L << 62) / dimension)) {
        return -1;
      }
      bytes *= dimension;
    }
    return bytes;
  }
}
