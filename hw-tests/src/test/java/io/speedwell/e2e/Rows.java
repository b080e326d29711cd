package io.speedwell.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Made-up digits that can be learned: each class has its own bright pixels, the rest is noise. */
final class Rows {
  static final int FEATURES = 64;
  static final int CLASSES = 10;

  private Rows() {}

  /** Rows as the demo's source has them: pixels 0..16, then the class. */
  static Path pixels(Path file, int count, long seed) throws IOException {
    return write(file, count, seed, 1);
  }

  /** Rows as a device has them: features 0..1, then the class. */
  static Path features(Path file, int count, long seed) throws IOException {
    return write(file, count, seed, 16);
  }

  private static Path write(Path file, int count, long seed, int divisor) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i % CLASSES;
      StringBuilder line = new StringBuilder();
      for (int pixel = 0; pixel < FEATURES; pixel++) {
        boolean bright = pixel / 6 == label;
        int value = bright ? 10 + random.nextInt(7) : random.nextInt(9);
        line.append(divisor == 1 ? "" + value : "" + value / (double) divisor).append(',');
      }
      lines.add(line.append(label).toString());
    }
    return Files.write(file, lines);
  }
}
