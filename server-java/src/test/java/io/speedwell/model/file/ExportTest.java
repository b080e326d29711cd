package io.speedwell.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
  @TempDir Path folder;

  @Test
  void writesEveryFormAndItsChecksum() throws Exception {
    Parameters parameters = Models.random(1);
    Export export = Export.write(folder.resolve("out"), "model", parameters);
    assertThat(ModelFiles.load(export.safetensors(), Models.LAYOUT)).isEqualTo(parameters);
    assertThat(ModelFiles.load(export.npz(), Models.LAYOUT)).isEqualTo(parameters);
    List<String> lines = Files.readAllLines(export.checksums());
    assertThat(lines).hasSize(3).first().isEqualTo(export.sha256() + "  model.safetensors");
    for (String line : lines) {
      byte[] content = Files.readAllBytes(folder.resolve("out").resolve(line.substring(66)));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      assertThat(line).startsWith(HexFormat.of().formatHex(digest));
    }
    assertThat(Export.write(folder, "model", parameters).sha256()).isEqualTo(export.sha256());
    try (var files = Files.list(folder.resolve("out"))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("model.safetensors", "model.npz", "model.h", "model.sha256");
    }
  }

  @Test
  void literalsBringEveryValueBack() {
    Random random = new Random(4);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(value)) {
        String literal = CHeaderWriter.literal(value);
        assertThat(literal).matches("-?\\d+(\\.\\d+)?(E[+-]?\\d+)?f").containsAnyOf(".", "E");
        float back = new BigDecimal(literal.substring(0, literal.length() - 1)).floatValue();
        assertThat(back == 0 ? Float.parseFloat(literal) : back).isEqualTo(value);
      }
    }
    assertThat(CHeaderWriter.literal(-0f)).isEqualTo("-0.0f");
    assertThat(CHeaderWriter.literal(3)).isEqualTo("3.0f");
    assertThat(CHeaderWriter.literal(0.1f)).isEqualTo("0.100000001f");
  }

  @Test
  void headersNameTensorsAndShapes() throws Exception {
    Layout layout =
        Layout.of(
            Tensor.f32("dense1.weight", Rule.MEAN, 2, 1),
            Tensor.f32("dense1-Weight", Rule.MEAN, 1),
            Tensor.f32("own", Rule.LOCAL, 1),
            Tensor.f32("1st", Rule.MEAN, 1));
    StringWriter out = new StringWriter();
    CHeaderWriter.write(out, Parameters.of(layout, new float[] {1, -2.5f, 3, 4}));
    assertThat(out.toString())
        .isEqualTo(
            """
            /* A model, written by Speedwell. Elements are float32 in C order. */
            #ifndef SPEEDWELL_MODEL_H
            #define SPEEDWELL_MODEL_H

            #define DENSE1_WEIGHT_SIZE 2
            #define DENSE1_WEIGHT_DIM0 2
            #define DENSE1_WEIGHT_DIM1 1
            static const float dense1_weight[DENSE1_WEIGHT_SIZE] = {
              1.0f, -2.5f
            };

            #define DENSE1_WEIGHT_2_SIZE 1
            #define DENSE1_WEIGHT_2_DIM0 1
            static const float dense1_Weight_2[DENSE1_WEIGHT_2_SIZE] = {
              3.0f
            };

            #define T1ST_SIZE 1
            #define T1ST_DIM0 1
            static const float t1st[T1ST_SIZE] = {
              4.0f
            };

            #endif
            """);
    Parameters infinite = Parameters.of(layout, new float[] {1, 2, 3, Float.POSITIVE_INFINITY});
    assertThatThrownBy(() -> CHeaderWriter.write(new StringWriter(), infinite))
        .hasMessage("tensor 1st: element 0 is Infinity");
  }
}
