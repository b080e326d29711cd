package io.speedwell.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
  private static final Layout TWO =
      Layout.of(Tensor.f32("w", Rule.MEAN, 2), Tensor.f32("b", Rule.MEAN, 1));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("m.safetensors");
  }

  private static byte[] bytes(Parameters parameters) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafeTensorsWriter.write(out, parameters);
    return out.toByteArray();
  }

  private Path write(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(json.length).put(json);
    return Files.write(file, all.array());
  }

  @Test
  void bringsEveryBitBack() throws IOException {
    for (int seed = 0; seed < 5; seed++) {
      Parameters parameters = Models.random(seed);
      Files.write(file, bytes(parameters));
      assertThat(ModelFiles.load(file, Models.LAYOUT)).isEqualTo(parameters);
      assertThat(bytes(parameters)).isEqualTo(Files.readAllBytes(file));
    }
    assertThat(ModelFiles.headers(file).stream().map(TensorHeader::name))
        .containsExactly("dense1.weight", "größe", "fixed");
  }

  @Test
  void theBytesAreTheFormats() throws IOException {
    byte[] got = bytes(Parameters.of(TWO, new float[] {1, 2, 3}));
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer want = ByteBuffer.allocate(8 + padded + 12).order(ByteOrder.LITTLE_ENDIAN);
    want.putLong(padded);
    want.put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.US_ASCII));
    want.putFloat(1).putFloat(2).putFloat(3);
    assertThat(got).isEqualTo(want.array());
  }

  @Test
  void carriesTextsAndBytes() throws IOException {
    Parameters parameters = Parameters.of(TWO, new float[] {1, 2, 3});
    byte[] state = {1, 2, 3, 4, 5};
    try (var out = Files.newOutputStream(file)) {
      SafeTensorsWriter.write(out, parameters, Map.of("k", "\"é\n"), Map.of("state", state));
    }
    SafeTensorsReader reader = SafeTensorsReader.read(file);
    assertThat(reader.metadata()).isEqualTo(Map.of("k", "\"é\n"));
    assertThat(reader.bytes("state", 5)).isEqualTo(state);
    assertThat(reader.bytes("other", 5)).isEmpty();
    assertThat(reader.loadAmongOthers(TWO)).isEqualTo(parameters);
    assertThatThrownBy(() -> reader.bytes("state", 4)).hasMessageContaining("at most 4");
    assertThatThrownBy(() -> reader.load(TWO)).hasMessageContaining("tensor state is not in the");
  }

  @Test
  void tensorsMayStandInAnyOrder() throws IOException {
    write(
        "{\"b\":{\"data_offsets\":[8,12],\"shape\":[1],\"dtype\":\"F32\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        12);
    assertThat(ModelFiles.load(file, TWO).values()).containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{`b`:{F32,[1],[8,12]}}                           | 12 | tensor b: its data begins at byte"
            + " 55, where 47 was expected",
        "{`w`:{F32,[2],[0,8]},`b`:{F32,[1],[4,8]}}        | 8  | tensor b: its data begins at",
        "{`w`:{F32,[2],[0,8]},`b`:{F32,[1],[0,4]}}        | 8  | gap or overlap",
        "{`w`:{F32,[2],[0,8]},`b`:{F32,[1],[8,12]}}       | 11 | tensor b: its data ends beyond the"
            + " file",
        "{`w`:{F32,[2],[0,8]},`b`:{F32,[1],[8,12]}}       | 13 | 1 bytes behind the last tensor",
        "{`w`:{F32,[2],[0,8]}}                            | 8  | tensor b is missing",
        "{`w`:{F32,[2],[0,8]},`c`:{F32,[1],[8,12]}}       | 12 | tensor c is not in the model",
        "{`w`:{F32,[1,2],[0,8]},`b`:{F32,[1],[8,12]}}     | 12 | tensor w: shape [1, 2], needed is"
            + " [2]",
        "{`w`:{F64,[2],[0,16]},`b`:{F32,[1],[16,20]}}     | 20 | tensor w: elements are F64, needed"
            + " are F32",
        "{`w`:{F33,[2],[0,8]}}                            | 8  | tensor w: element type \"F33\" is"
            + " unknown",
        "{`w`:{F32,[3],[0,8]}}                            | 8  | tensor w: shape [3] does not fit"
            + " data_offsets [0, 8]",
        "{`w`:{F32,[2],[8,0]}}                            | 8  | does not fit data_offsets",
        "{`w`:{F32,[4294967296,4294967296],[0,0]}}        | 0  | does not fit data_offsets",
        "{`w`:{F32,[4503599627370496,4503599627370496,4503599627370496],[0,0]}} | 0 | does not fit"
            + " data_offsets",
        "{`w`:{F32,[-2],[0,8]}}                           | 8  | w.shape: a number is out of range",
        "{`w`:{F32,[99999999999999999999],[0,8]}}         | 8  | w.shape: a number is out of range",
        "{`w`:{F32,[2.0],[0,8]}}                          | 8  | w.shape: VALUE_NUMBER_INT is"
            + " needed",
        "{`w`:{F32,[2],[0]}}                              | 8  | two data_offsets are needed",
        "{`w`:{F32,[2],[0,8]},`w`:{F32,[2],[0,8]}}        | 8  | the header is no JSON: Duplicate"
            + " field",
        "{`w`:3}                                          | 8  | w: START_OBJECT is needed",
        "{`w`:{`more`:1}}                                 | 8  | tensor w: unknown field more",
        "{`__metadata__`:{`a`:1}}                         | 0  | __metadata__.a: VALUE_STRING is"
            + " needed",
        "{`w`:                                            | 8  | the header is no JSON",
        "{}{}                                             | 0  | the header goes on behind its end",
        "[]                                               | 0  | the header: START_OBJECT is"
            + " needed",
      })
  void badFilesAreRefusedByName(String form, int dataBytes, String message) throws IOException {
    String header =
        form.replaceAll(
                "\\{(F\\d\\d),(\\[[^\\]]*\\]),(\\[[^\\]]*\\])\\}",
                "{`dtype`:`$1`,`shape`:$2,`data_offsets`:$3}")
            .replace('`', '"');
    write(header, dataBytes);
    assertThatThrownBy(() -> ModelFiles.load(file, TWO))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(
            message
                .replace("55", "" + (8 + header.length() + 8))
                .replace("47", "" + (8 + header.length())));
  }

  @Test
  void lyingLengthsTakeNoMemory() throws IOException {
    for (long length : new long[] {-1, 0, 1, 1L << 40, Long.MAX_VALUE, 17 << 20}) {
      byte[] all = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      Files.write(file, all);
      assertThatThrownBy(() -> ModelFiles.headers(file))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("is no safetensors header");
    }
    Files.write(file, new byte[7]);
    assertThatThrownBy(() -> ModelFiles.headers(file)).hasMessageContaining("7 bytes are no");
  }

  /** Whatever bytes are changed or cut away: a clean error, or a model of the right layout. */
  @Test
  void mutationsNeverDoHarm() throws IOException {
    byte[] good = bytes(Models.random(1));
    assertThat(Mutations.refused(file, good, 2)).isBetween(1_000, 1_999);
  }

  @Test
  void theNamesEndTellsTheFormat() {
    assertThatThrownBy(() -> ModelFiles.headers(folder.resolve("model.pt")))
        .hasMessageContaining("a name ending in .safetensors or .npz is needed");
  }
}
