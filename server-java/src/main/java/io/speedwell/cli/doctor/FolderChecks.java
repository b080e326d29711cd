package io.speedwell.cli.doctor;

import io.speedwell.cli.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a data folder needs. Pure but for what they look at; nothing is left behind. */
final class FolderChecks {
  private static final long FAIL_BELOW = 64L << 20; // bytes
  private static final long WARN_BELOW = 1L << 30;

  private FolderChecks() {}

  /** The folder itself, or the one in which it would be made: can it be written? */
  static Finding writable(Path data) {
    String subject = "data folder";
    Path there = existing(data);
    if (!Files.isDirectory(there)) {
      return Finding.fail(subject, there + ": is no folder", "choose another --data");
    }
    try {
      Files.delete(Files.createTempFile(there, "doctor", ".part"));
      return Finding.ok(subject, Files.exists(data) ? data.toString() : data + " will be made");
    } catch (IOException e) {
      return Finding.fail(
          subject,
          there + ": " + Problems.describe(e),
          "give the server's user the right to write there, or choose another --data");
    }
  }

  /**
   * Room for models.
   *
   * @param model bytes of one checkpoint; 0: not known
   */
  static Finding space(Path data, long model) {
    String subject = "disk space";
    try {
      long free = Files.getFileStore(existing(data)).getUsableSpace();
      return space(subject, free, model);
    } catch (IOException e) {
      return Finding.warn(subject, data + ": " + Problems.describe(e), "look with 'df'");
    }
  }

  static Finding space(String subject, long free, long model) {
    String found =
        (free >> 20)
            + " MB free"
            + (model > 0 ? ", room for " + free / model + " models of the plan" : "");
    String remedy = "make room, or keep fewer models: 'server --keep last=10'";
    if (free < Math.max(FAIL_BELOW, 3 * model)) {
      return Finding.fail(subject, found, remedy);
    }
    return free < Math.max(WARN_BELOW, 20 * model)
        ? Finding.warn(subject, found, remedy)
        : Finding.ok(subject, found);
  }

  /** When the newest file was written, ms since 1970; 0: there is none. */
  static long newest(Path data) {
    try (Stream<Path> files = Files.walk(data, 2)) {
      return files
          .filter(Files::isRegularFile)
          .mapToLong(file -> file.toFile().lastModified())
          .max()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static Path existing(Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }
}
