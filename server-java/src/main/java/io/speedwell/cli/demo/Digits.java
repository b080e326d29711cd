package io.speedwell.cli.demo;

import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.Problems;
import io.speedwell.cli.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Real handwritten digits, 8 x 8 pixels of 0..16 and the digit: the rows the demo shares out.
 * Pixels are scaled to 0..1, where every value is a multiple of 1/16 and so is exact in text and in
 * binary.
 */
final class Digits {
  static final int FEATURES = 64;
  static final int CLASSES = 10;
  private static final int WHITE = 16;

  /**
   * One digit.
   *
   * @param line as it stands in a shard's file: features, then the class, separated by commas
   * @param label the class, 0..9
   */
  record Row(String line, int label) {}

  private Digits() {}

  /** Reads a CSV file of digits, gzipped if its name ends in .gz. */
  static List<Row> read(Path file) {
    List<Row> rows = new ArrayList<>();
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        rows.add(parse(file, rows.size() + 1, line));
      }
    } catch (IOException e) {
      throw Problems.file(file, e);
    }
    if (rows.isEmpty()) {
      throw new UserError(ExitCodes.BAD_INPUT, file + ": holds no rows");
    }
    return List.copyOf(rows);
  }

  private static Row parse(Path file, int number, String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != FEATURES + 1) {
      throw wrong(file, number, "has " + cells.length + " columns instead of " + (FEATURES + 1));
    }
    StringBuilder scaled = new StringBuilder(line.length() * 3);
    for (int i = 0; i < FEATURES; i++) {
      scaled.append(whole(file, number, i, cells[i], WHITE) / (double) WHITE).append(',');
    }
    int label = whole(file, number, FEATURES, cells[FEATURES], CLASSES - 1);
    return new Row(scaled.append(label).toString(), label);
  }

  private static int whole(Path file, int number, int column, String cell, int most) {
    // "5.0" as well as "5": both forms of the data set are about
    String text = cell.strip().replaceFirst("\\.0+$", "");
    if (text.matches("\\d{1,2}") && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw wrong(
        file, number, "column " + (column + 1) + ": '" + cell + "' is no number of 0.." + most);
  }

  private static UserError wrong(Path file, int number, String what) {
    return new UserError(ExitCodes.BAD_INPUT, file + ": line " + number + " " + what);
  }
}
