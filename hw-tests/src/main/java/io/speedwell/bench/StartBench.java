package io.speedwell.bench;

import io.speedwell.cli.Main;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long the fleet server takes from the start of its process until its port takes connections:
 * with a new data folder, and with one that is there already.
 */
public final class StartBench {
  private static final int TIMES = 3;
  private static final String PLAN =
      """
      name: start
      model: {tensors: [{name: weights, shape: [10000]}]}
      train: {epochs: 1}
      rounds: {count: 10, goal: 10, deadline: 60s}
      """;

  private StartBench() {}

  /** Prints the figures. */
  public static void main(String[] arguments) throws Exception {
    List<Long> fresh = new ArrayList<>();
    List<Long> again = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      Path folder = Files.createTempDirectory("speedwell-start");
      try {
        Files.writeString(folder.resolve("plan.yaml"), PLAN);
        fresh.add(start(folder));
        again.add(start(folder));
      } finally {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
    System.out.printf(
        "from start to the first connection: %d ms with a new data folder, %d ms with an old one"
            + " (medians of %d)%n",
        median(fresh), median(again), TIMES);
  }

  private static long start(Path folder) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    long start = System.nanoTime();
    Process server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "server",
                "--plan",
                folder.resolve("plan.yaml").toString(),
                "--data",
                folder.resolve("data").toString(),
                "--no-admin",
                "--listen",
                "127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(new File(folder.toFile(), "output"))
            .start();
    try {
      while (!accepts(port)) {
        if (!server.isAlive()) {
          throw new IOException("it ended: " + Files.readString(folder.resolve("output")));
        }
        Thread.sleep(5);
      }
      return (System.nanoTime() - start) / 1_000_000;
    } finally {
      server.destroyForcibly();
      server.waitFor();
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
