package io.speedwell.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at what a process uses, as time passes. */
final class Soak {
  private static final int KB = 1024;

  /**
   * What a process uses at one time.
   *
   * @param heap bytes of live objects, after a full collection
   * @param resident bytes of memory
   * @param files open files, connections among them
   * @param rounds committed so far
   */
  record Use(long heap, long resident, long files, long threads, long rounds) {}

  private final Child process;

  Soak(Child process) {
    this.process = process;
  }

  /** Lets time pass; the process must be alive at its end. */
  void await(long seconds) throws InterruptedException {
    if (process.endsWithin(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("it ended:\n" + String.join("\n", process.lines()));
    }
  }

  Use use() throws IOException, InterruptedException {
    Path files = Path.of("/proc", Long.toString(process.pid()), "fd");
    try (Stream<Path> open = Files.list(files)) {
      return new Use(
          liveHeap(),
          status(process.pid(), "VmRSS:") * KB,
          open.count(),
          status(process.pid(), "Threads:"),
          process.lines().stream().filter(line -> line.contains(" committed: ")).count());
    }
  }

  /** The most memory a process had, in bytes. */
  static long peak(long pid) throws IOException {
    return status(pid, "VmHWM:") * KB;
  }

  private long liveHeap() throws IOException, InterruptedException {
    Child histogram =
        Child.start(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "GC.class_histogram"),
            Map.of());
    String total = histogram.awaitLine("Total ");
    histogram.awaitExit();
    String[] columns = total.strip().split("\\s+");
    return Long.parseLong(columns[columns.length - 1]);
  }

  private static long status(long pid, String key) throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
            .filter(each -> each.startsWith(key))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
