package io.speedwell.run;

import io.speedwell.model.SplitMix64;
import java.nio.charset.StandardCharsets;

/**
 * Seeds that follow from the run's seed. A word is mixed in by one step of SplitMix64 begun at
 * (state xor word); a device's id is mixed in byte by byte, after its length. So a device's task
 * has the same seed whenever and in whatever order it is given out, also after a restart. Pure
 * functions.
 */
final class Seeds {
  private static final long TASK_SEED = 1;
  private static final long TASK_NUMBER = 2;
  private static final long SELECTION = 3;

  private Seeds() {}

  /** The seed of a device's task. */
  static long task(long runSeed, int kind, int round, String device) {
    return mix(mix(mix(mix(runSeed, TASK_SEED), kind), round), device);
  }

  /** The number of a device's task within the run; never 0. */
  static int taskNumber(long runSeed, int kind, int round, String device) {
    int number = (int) (mix(mix(mix(mix(runSeed, TASK_NUMBER), kind), round), device) >>> 32);
    return number == 0 ? 1 : number;
  }

  /** The seed of the n-th draw among the fleet in one attempt at a round. */
  static long selection(long runSeed, int round, int attempt, int draw) {
    return mix(mix(mix(mix(runSeed, SELECTION), round), attempt), draw);
  }

  private static long mix(long state, long word) {
    return new SplitMix64(state ^ word).next();
  }

  private static long mix(long state, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    long mixed = mix(state, bytes.length);
    for (byte b : bytes) {
      mixed = mix(mixed, b & 0xFF);
    }
    return mixed;
  }
}
