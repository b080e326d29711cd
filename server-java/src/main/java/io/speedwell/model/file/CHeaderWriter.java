package io.speedwell.model.file;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Tensor;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a model as a C header: one const array for each tensor, its shape as macros. Nine decimal
 * digits bring every binary32 back exactly. Valid in C90 and later and in C++.
 *
 * <p>Tensor {@code dense1.weight} of shape [32, 64] becomes {@code dense1_weight}, with {@code
 * DENSE1_WEIGHT_SIZE}, {@code DENSE1_WEIGHT_DIM0} and {@code DENSE1_WEIGHT_DIM1}.
 */
public final class CHeaderWriter {
  private static final int PER_LINE = 8;
  private static final MathContext NINE_DIGITS = new MathContext(9, RoundingMode.HALF_EVEN);

  private final Writer out;
  private final Set<String> names = new HashSet<>();

  private CHeaderWriter(Writer out) {
    this.out = out;
  }

  /**
   * Writes a model whose values are all finite.
   *
   * @throws IllegalArgumentException naming a tensor with a value that C has no literal for
   */
  public static void write(Writer out, Parameters parameters) throws IOException {
    new CHeaderWriter(out).model(parameters);
    out.flush();
  }

  private void model(Parameters parameters) throws IOException {
    Layout layout = parameters.layout();
    out.write("/* A model, written by Speedwell. Elements are float32 in C order. */\n");
    out.write("#ifndef SPEEDWELL_MODEL_H\n#define SPEEDWELL_MODEL_H\n");
    for (int i = 0; i < layout.tensors().size(); i++) {
      Tensor tensor = layout.tensors().get(i);
      if (tensor.rule().inParameters()) {
        tensor(tensor, parameters.values(), layout.parameterOffset(i));
      }
    }
    out.write("\n#endif\n");
  }

  private void tensor(Tensor tensor, float[] values, int from) throws IOException {
    String name = identifier(tensor.name());
    String macro = name.toUpperCase(Locale.ROOT);
    out.write("\n#define %s_SIZE %d\n".formatted(macro, tensor.elements()));
    for (int i = 0; i < tensor.shape().size(); i++) {
      out.write("#define %s_DIM%d %d\n".formatted(macro, i, tensor.shape().get(i)));
    }
    out.write("static const float %s[%s_SIZE] = {".formatted(name, macro));
    for (int i = 0; i < tensor.elements(); i++) {
      float value = values[from + i];
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "tensor %s: element %d is %s".formatted(tensor.name(), i, value));
      }
      out.write(i == 0 ? "\n  " : i % PER_LINE == 0 ? ",\n  " : ", ");
      out.write(literal(value));
    }
    out.write("\n};\n");
  }

  /** The name in letters, digits and underscores, made unique among this header's. */
  private String identifier(String tensor) {
    String plain = tensor.replaceAll("[^A-Za-z0-9_]", "_");
    if (!Character.isLetter(plain.charAt(0))) {
      plain = "t" + plain;
    }
    String name = plain;
    // macros are upper case, so names that differ in case only collide as well
    for (int n = 2; !names.add(name.toUpperCase(Locale.ROOT)); n++) {
      name = plain + "_" + n;
    }
    return name;
  }

  static String literal(float value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0.0f" : "0.0f";
    }
    String digits = new BigDecimal(value).round(NINE_DIGITS).stripTrailingZeros().toString();
    boolean floating = digits.contains(".") || digits.contains("E");
    return digits + (floating ? "f" : ".0f");
  }
}
