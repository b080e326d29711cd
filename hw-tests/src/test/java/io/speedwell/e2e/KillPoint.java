package io.speedwell.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where a fleet server is killed, to the instruction: the points of {@code src/test/c/killpoint.c},
 * in the order in which a round crosses them.
 */
enum KillPoint {
  ACCEPTED,
  FOLDED,
  FILE_TORN,
  FILE_SYNCED,
  RENAMED,
  FOLDER_SYNCED,
  ROW_TORN,
  ROW_WRITTEN,
  ROW_SYNCED,
  COMMITTING,
  COMMITTED;

  /** Compiles the library that watches for the points. */
  static Path library(Path folder) throws IOException, InterruptedException {
    return Programs.library(folder, "killpoint");
  }

  /** The environment of a server that dies when it crosses this point for the n-th time. */
  Map<String, String> environment(Path library, int n) {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "KILLPOINT",
        word(),
        "KILLPOINT_COUNT",
        Integer.toString(n));
  }

  /** Its name in the library. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
