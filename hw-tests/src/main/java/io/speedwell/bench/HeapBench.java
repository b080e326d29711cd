package io.speedwell.bench;

import io.speedwell.cli.FleetServer;
import io.speedwell.cli.RunSpecs;
import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.load.LightFleet;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunListener;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanReader;
import io.speedwell.store.DataFolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How much heap a run takes beside the update budget: the smallest {@code -Xmx} with which a server
 * process completes rounds, found by halving, for a small and a large model. What is printed for
 * each parameter is the difference of the two, so that what every server takes is not in it.
 */
public final class HeapBench {
  private static final int SMALL = 1_000_000; // parameters
  private static final int LARGE = 5_000_000;
  private static final int DEVICES = 4;
  private static final int ROUNDS = 4;
  private static final int LEAST_MB = 16;
  private static final int MOST_MB = 640;
  private static final int STEP_MB = 2;
  private static final int PATIENCE_S = 40; // a heap in which it is slower than that is too small
  private static final String LISTENING = "port ";
  private static final String PLAN =
      """
      name: heap
      model: {tensors: [{name: weights, shape: [%d]}]}
      rounds: {count: %d, goal: %d, deadline: 5m}
      """;

  private HeapBench() {}

  /** Prints the figures. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      serve(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
      return;
    }
    long small = least(SMALL);
    long large = least(LARGE);
    double each = (double) (large - small) / (LARGE - SMALL);
    System.out.printf(
        "heap beside the update budget: %d MB with %,d parameters, %d MB with %,d: %.1f bytes for"
            + " each parameter, %.0f MB with none%n",
        small >> 20, SMALL, large >> 20, LARGE, each, (small - each * SMALL) / (1 << 20));
  }

  /** Bytes of the smallest heap that is enough, without the budget. */
  private static long least(int parameters) throws Exception {
    int budgetMb = 2 * (4 * parameters >> 20) + 2; // two updates at once
    int enough = MOST_MB;
    int tooSmall = LEAST_MB;
    if (!completes(parameters, enough, budgetMb)) {
      throw new IOException("no round even with a heap of " + enough + " MB");
    }
    while (enough - tooSmall > STEP_MB) {
      int middle = (enough + tooSmall) / 2;
      if (completes(parameters, middle, budgetMb)) {
        enough = middle;
      } else {
        tooSmall = middle;
      }
    }
    return (long) (enough - budgetMb) << 20;
  }

  private static boolean completes(int parameters, int heapMb, int budgetMb) throws Exception {
    Path folder = Files.createTempDirectory("speedwell-heap");
    List<Process> processes = new ArrayList<>();
    try {
      Process server =
          java(
              folder.resolve("server"),
              "-Xmx" + heapMb + "m",
              "-XX:+ExitOnOutOfMemoryError",
              HeapBench.class.getName(),
              folder.resolve("data").toString(),
              Integer.toString(parameters),
              Integer.toString(budgetMb));
      processes.add(server);
      String port = port(server, folder.resolve("server"));
      if (port.isEmpty()) {
        return false;
      }
      processes.add(
          java(
              folder.resolve("devices"),
              LightFleet.class.getName(),
              port,
              Integer.toString(DEVICES),
              "honest",
              Integer.toString(parameters)));
      return server.waitFor(PATIENCE_S, TimeUnit.SECONDS) && server.exitValue() == 0;
    } finally {
      for (Process process : processes) {
        process.destroyForcibly().waitFor();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Where it listens; empty: it ended. */
  private static String port(Process server, Path output) throws Exception {
    while (server.isAlive()) {
      for (String line : Files.readAllLines(output)) {
        if (line.startsWith(LISTENING)) {
          return line.substring(LISTENING.length());
        }
      }
      Thread.sleep(20);
    }
    return "";
  }

  private static Process java(Path output, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** The server of a process: it runs rounds in whatever heap there is, and ends. */
  private static void serve(Path folder, int parameters, int budgetMb) throws Exception {
    Plan plan = PlanReader.read(PLAN.formatted(parameters, ROUNDS, DEVICES), "plan", Path.of("."));
    CountDownLatch ended = new CountDownLatch(1);
    RunListener listener =
        new RunListener() {
          @Override
          public void runEnded(String run, String why, Checkpoint last) {
            ended.countDown();
          }
        };
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    try (DataFolder data = DataFolder.open(folder);
        FleetServer server =
            FleetServer.start(
                new FleetServer.Settings(
                    any,
                    false,
                    ConnectionLimits.DEFAULTS,
                    (long) budgetMb << 20,
                    Long.MAX_VALUE,
                    2,
                    2,
                    Duration.ZERO),
                data.runs(),
                listener)) {
      server.run(RunSpecs.of(plan));
      System.out.println(LISTENING + server.address().getPort());
      ended.await();
    }
  }
}
