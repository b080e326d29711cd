package io.speedwell.cli.demo;

import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.UserError;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the demo's files lie. Starting anew removes what an earlier demo wrote and nothing else.
 *
 * @param root the folder, absolute
 */
record WorkFolder(Path root) {
  private static final List<String> OWN =
      List.of(
          "shards",
          "heldout.csv",
          "server",
          "logs",
          "plan.yaml",
          "metrics.csv",
          "model.safetensors",
          "model.npz",
          "model.h",
          "model.sha256");

  WorkFolder {
    root = root.toAbsolutePath().normalize();
  }

  Path shards() {
    return root.resolve("shards");
  }

  Path heldOut() {
    return root.resolve("heldout.csv");
  }

  /** The fleet server's data. */
  Path server() {
    return root.resolve("server");
  }

  /** What the processes say. */
  Path logs() {
    return root.resolve("logs");
  }

  Path plan() {
    return root.resolve("plan.yaml");
  }

  Path metrics() {
    return root.resolve("metrics.csv");
  }

  /**
   * Makes the folder, empty of an earlier demo.
   *
   * @return to be closed when the demo ends: until then no other demo starts here
   * @throws UserError when another demo is at work here
   */
  Closeable startAnew() throws IOException {
    Files.createDirectories(root);
    Closeable claim = claim();
    for (String name : OWN) {
      delete(root.resolve(name));
    }
    Files.createDirectories(logs());
    Files.createDirectories(server());
    return claim;
  }

  /** The system gives the lock back when the process ends, however it ends. */
  private Closeable claim() throws IOException {
    FileChannel lock =
        FileChannel.open(
            root.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) {
      lock.close();
      throw new UserError(
          ExitCodes.DATA_FOLDER,
          root + ": another demo is at work here; wait for it, or give --work another folder");
    }
    return lock;
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
