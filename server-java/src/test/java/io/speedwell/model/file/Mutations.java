package io.speedwell.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Model files with bytes changed or cut away. */
final class Mutations {
  static final int TRIES = 2_000;

  private Mutations() {}

  /**
   * Loads {@link #TRIES} mutations of a good file of {@link Models#LAYOUT}: each must be a clean
   * error, or a model of the right layout.
   *
   * @return how many were refused
   */
  static int refused(Path file, byte[] good, long seed) throws IOException {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < TRIES; i++) {
      byte[] bad =
          random.nextInt(4) > 0 ? good.clone() : Arrays.copyOf(good, random.nextInt(good.length));
      for (int n = random.nextInt(4); n >= 0 && bad.length > 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      Files.write(file, bad);
      try {
        assertThat(ModelFiles.load(file, Models.LAYOUT).layout()).isEqualTo(Models.LAYOUT);
      } catch (ModelFileException expected) {
        refused++;
      }
    }
    return refused;
  }
}
