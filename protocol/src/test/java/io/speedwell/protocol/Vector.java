package io.speedwell.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One golden frame: a line of {@code vectors/*.txt}, whose README describes the format. */
record Vector(
    String place,
    Direction direction,
    byte[] frame,
    String stock,
    String verdict,
    String canonical,
    String meaning) {

  /** Every vector of every file. */
  static List<Vector> all() {
    try (Stream<Path> files = Files.list(Path.of("vectors"))) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .sorted()
          .flatMap(Vector::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The message, without the frame's length. */
  ByteBuffer message() {
    ByteBuffer in = ByteBuffer.wrap(frame);
    if (Frames.readLength(in, Limits.FRAME_MIN) != in.remaining()) {
      throw new IllegalStateException(this + ": not one whole frame");
    }
    return in.slice();
  }

  private static Stream<Vector> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return IntStream.range(0, lines.size())
          .filter(i -> !lines.get(i).isEmpty() && !lines.get(i).startsWith("#"))
          .mapToObj(i -> parse(file.getFileName() + ":" + (i + 1), lines.get(i)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector parse(String place, String line) {
    String[] columns = line.split(" \\| ", -1);
    if (columns.length != 6 || line.length() > 1_400) {
      throw new IllegalArgumentException(place + ": not six columns in at most 1,400 characters");
    }
    Direction direction =
        switch (columns[0]) {
          case "to-server" -> Direction.TO_SERVER;
          case "to-device" -> Direction.TO_DEVICE;
          default ->
              throw new IllegalArgumentException(place + ": unknown direction " + columns[0]);
        };
    byte[] frame = HexFormat.of().parseHex(columns[1]);
    return new Vector(place, direction, frame, columns[2], columns[3], columns[4], columns[5]);
  }

  @Override
  public String toString() {
    return place + " " + meaning;
  }
}
