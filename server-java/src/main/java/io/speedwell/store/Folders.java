package io.speedwell.store;

import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that are made, and unmade. */
final class Folders {
  private Folders() {}

  static void make(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  /**
   * Makes a folder, unless it is there and empty.
   *
   * @param what it is, in messages
   */
  static void makeEmpty(Path folder, String what) throws StoreException {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isPresent()) {
          throw new StoreException(
              "%s %s: the folder is not empty; name one that is empty or does not exist"
                  .formatted(what, folder),
              null);
        }
      }
    } catch (IOException e) {
      throw new StoreException(
          "%s %s: the folder cannot be made (%s)".formatted(what, folder, Reason.of(e)), e);
    }
  }

  /** Deletes what is in a folder. */
  static void empty(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> content =
          all.filter(path -> !path.equals(folder)).sorted(Comparator.reverseOrder()).toList();
      for (Path path : content) {
        Files.delete(path);
      }
    }
  }
}
