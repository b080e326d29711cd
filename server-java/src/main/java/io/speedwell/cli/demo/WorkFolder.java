package io.speedwell.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Makes the folder, empty of an earlier demo. */
  void startAnew() throws IOException {
    Files.createDirectories(root);
    for (String name : OWN) {
      delete(root.resolve(name));
    }
    Files.createDirectories(logs());
    Files.createDirectories(server());
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
