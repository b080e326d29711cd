package io.speedwell.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.cli.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {
  @TempDir private Path folder;

  @Test
  void scalesPixelsExactly() throws Exception {
    Path file = Files.writeString(folder.resolve("d.csv"), "0,1,16" + ",5".repeat(61) + ",7\n");
    List<Digits.Row> rows = Digits.read(file);
    assertThat(rows)
        .containsExactly(new Digits.Row("0.0,0.0625,1.0" + ",0.3125".repeat(61) + ",7", 7));
  }

  @Test
  void readsGzippedFiles() throws Exception {
    Path file = folder.resolve("d.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(("3.0" + ",0".repeat(63) + ",9\n").getBytes());
    }
    assertThat(Digits.read(file)).extracting(Digits.Row::label).containsExactly(9);
  }

  @ParameterizedTest
  @CsvSource({
    "'0,1', 'line 2 has 2 columns instead of 65'",
    "RAGGED, 'line 2 has 64 columns instead of 65'",
    "17, 'line 2 column 1: ''17'' is no number of 0..16'",
    "x, 'line 2 column 1: ''x'' is no number of 0..16'",
    "CLASS, 'line 2 column 65: ''10'' is no number of 0..9'"
  })
  void namesTheLineThatIsWrong(String cell, String message) throws Exception {
    String good = "1" + ",0".repeat(63) + ",4";
    String bad =
        switch (cell) {
          case "RAGGED" -> "1" + ",0".repeat(63);
          case "CLASS" -> "1" + ",0".repeat(63) + ",10";
          case "0,1" -> cell;
          default -> cell + ",0".repeat(63) + ",4";
        };
    Path file = Files.writeString(folder.resolve("d.csv"), good + "\n" + bad + "\n");
    assertThatThrownBy(() -> Digits.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void saysWhatIsMissingOrEmpty() throws Exception {
    Path missing = folder.resolve("none.csv");
    assertThatThrownBy(() -> Digits.read(missing)).hasMessage(missing + ": no such file");
    Path empty = Files.createFile(folder.resolve("empty.csv"));
    assertThatThrownBy(() -> Digits.read(empty)).hasMessage(empty + ": holds no rows");
  }
}
