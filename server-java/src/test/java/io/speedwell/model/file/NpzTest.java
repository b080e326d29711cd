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
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpzTest {
  private static final Layout ONE = Layout.of(Tensor.f32("w", Rule.MEAN, 2));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("m.npz");
  }

  private static byte[] bytes(Parameters parameters) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NpzWriter.write(out, parameters);
    return out.toByteArray();
  }

  /** A deflated archive of one member with this dictionary and these floats. */
  private void write(String member, int version, String dictionary, float... values)
      throws IOException {
    byte[] text = dictionary.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer npy =
        ByteBuffer.allocate(12 + text.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    npy.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    npy.put((byte) version).put((byte) 0);
    if (version == 1) {
      npy.putShort((short) text.length);
    } else {
      npy.putInt(text.length);
    }
    npy.put(text);
    for (float value : values) {
      npy.putFloat(value);
    }
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(member));
      zip.write(npy.array(), 0, npy.position());
    }
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
  void theNpyHeaderIsNumPys() {
    String header = new String(NpyHeader.write(List.of(32, 64)), StandardCharsets.ISO_8859_1);
    assertThat(header)
        .hasSize(128)
        .startsWith(
            "\u0093NUMPY\1\0\u0076\0{'descr': '<f4', 'fortran_order': False, 'shape': (32, 64), } "
                + " ")
        .endsWith(" \n");
    assertThat(new String(NpyHeader.write(List.of(7)), StandardCharsets.ISO_8859_1))
        .contains("'shape': (7,), }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1 | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "2 | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), }      ",
        "1 | {'shape': (2,), 'descr': '<f4', 'fortran_order': False, }",
        "1 | {'descr': '<f4', 'fortran_order': True, 'shape': (2,), }",
      })
  void readsWhatNumPyWrites(int version, String dictionary) throws IOException {
    write("w.npy", version, dictionary + "\n", 1, 2);
    assertThat(ModelFiles.load(file, ONE).values()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "w.npy | 1 | {'descr': '<f8', 'fortran_order': False, 'shape': (2,), } | 2 | tensor w:"
            + " elements are <f8, needed are <f4",
        "w.npy | 1 | {'descr': '>f4', 'fortran_order': False, 'shape': (2,), } | 2 | tensor w:"
            + " elements are >f4",
        "w.npy | 1 | {'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), } | 2 | tensor w:"
            + " Fortran order",
        "w.npy | 1 | {'descr': '<f4', 'fortran_order': False, 'shape': (3,), } | 3 | tensor w:"
            + " shape [3], needed is [2]",
        "w.npy | 1 | {'descr': '<f4', 'fortran_order': False, 'shape': (), }  | 1 | tensor w: shape"
            + " [], needed is [2]",
        "w.npy | 1 | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | 1 | tensor w: its"
            + " data ends too early",
        "w.npy | 1 | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | 3 | tensor w: more"
            + " data than its shape has",
        "w.npy | 1 | {'descr': '<f4', 'shape': (2,), 'shape': (2,), }         | 2 | tensor w: its"
            + " header is not the one",
        "w.npy | 1 | {'descr': exit(), 'fortran_order': False, 'shape': (2,), } | 2 | tensor w: its"
            + " header is not the one",
        "w.npy | 1 | {'descr': '<f4', 'fortran_order': False, 'shape': (2 2,), } | 2 | tensor w:"
            + " shape (2 2,)",
        "w.npy | 3 | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | 2 | tensor w: npy"
            + " version 3",
        "v.npy | 1 | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | 2 | tensor v is"
            + " not in the model",
        "w.txt | 1 | {'descr': '<f4', 'fortran_order': False, 'shape': (2,), } | 2 | w.txt is no"
            + " npy file",
      })
  void badMembersAreRefusedByName(
      String member, int version, String dictionary, int floats, String message)
      throws IOException {
    write(member, version, dictionary + "\n", new float[floats]);
    assertThatThrownBy(() -> ModelFiles.load(file, ONE))
        .isInstanceOf(ModelFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void aModelToBeTrainedIsFinite() throws IOException {
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
    write("w.npy", 1, dictionary, 1, Float.NaN);
    assertThat(ModelFiles.load(file, ONE).values()).containsExactly(1, Float.NaN);
    assertThatThrownBy(() -> ModelFiles.loadFinite(file, ONE))
        .hasMessage(file + ": tensor w has a value that is not finite (NaN)");
    write("w.npy", 1, dictionary, 1, 2);
    assertThat(ModelFiles.loadFinite(file, ONE).values()).containsExactly(1, 2);
  }

  @Test
  void aFlippedBitOfAStoredMemberIsSeen() throws IOException {
    byte[] stored = bytes(Models.random(1));
    String text = new String(stored, StandardCharsets.ISO_8859_1);
    stored[text.indexOf('\n', text.indexOf("NUMPY")) + 1] ^= 1;
    Files.write(file, stored);
    assertThatThrownBy(() -> ModelFiles.load(file, Models.LAYOUT))
        .isInstanceOf(ModelFileException.class)
        .hasMessageEndingWith("damaged archive: its checksum does not match");
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    Files.writeString(file, "no zip");
    assertThatThrownBy(() -> ModelFiles.load(file, ONE)).hasMessageContaining("no npz archive");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("w.npy"));
      zip.write(new byte[] {(byte) 0x93, 'N'});
    }
    assertThatThrownBy(() -> ModelFiles.load(file, ONE))
        .hasMessageContaining("tensor w: ends inside its header");
  }

  @Test
  void mutationsNeverDoHarm() throws IOException {
    byte[] good = bytes(Models.random(1));
    assertThat(Mutations.refused(file, good, 3)).isBetween(1_000, 1_999);
  }
}
