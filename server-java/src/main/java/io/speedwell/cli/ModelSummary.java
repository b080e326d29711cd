package io.speedwell.cli;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.file.ModelFileException;
import io.speedwell.model.file.ModelFiles;
import io.speedwell.model.file.TensorHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a model file holds. Immutable.
 *
 * @param file as it was given
 * @param parameters values in all
 * @param sha256 of the file, hexadecimal
 * @param tensors in the file's order
 */
record ModelSummary(String file, long parameters, String sha256, List<Figures> tensors) {

  /** One tensor; its figures are NaN when it has values that are no numbers. */
  record Figures(String name, List<Integer> shape, double min, double max, double mean) {}

  /** Reads the file; what is wrong with it is a user error. */
  static ModelSummary of(Path file) {
    try {
      Layout layout = layout(ModelFiles.headers(file));
      Parameters parameters = ModelFiles.load(file, layout);
      List<Figures> tensors = new ArrayList<>();
      for (int i = 0; i < layout.tensors().size(); i++) {
        tensors.add(
            figures(layout.tensors().get(i), parameters.values(), layout.parameterOffset(i)));
      }
      return new ModelSummary(file.toString(), layout.parameterCount(), sha256(file), tensors);
    } catch (ModelFileException e) {
      throw new UserError(ExitCodes.BAD_INPUT, e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new UserError(ExitCodes.BAD_INPUT, file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw Problems.file(file, e);
    }
  }

  private static Layout layout(List<TensorHeader> headers) {
    List<Tensor> tensors = new ArrayList<>();
    for (TensorHeader header : headers) {
      if (header.shape().stream().anyMatch(dimension -> dimension > Integer.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "tensor %s: shape %s is too large".formatted(header.name(), header.shape()));
      }
      Integer[] shape = header.shape().stream().map(Long::intValue).toArray(Integer[]::new);
      tensors.add(Tensor.f32(header.name(), Rule.MEAN, shape));
    }
    return Layout.of(tensors);
  }

  private static Figures figures(Tensor tensor, float[] values, int offset) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = offset; i < offset + tensor.elements(); i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
      sum += values[i];
    }
    return new Figures(tensor.name(), tensor.shape(), min, max, sum / tensor.elements());
  }

  private static String sha256(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
