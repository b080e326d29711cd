package io.speedwell.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A process of light devices: {@code io.speedwell.load.LightFleet}. */
final class LightDevices implements AutoCloseable {
  private final Child process;

  private LightDevices(Child process) {
    this.process = process;
  }

  /**
   * Starts them.
   *
   * @param behaviour honest, stall, slow_reader, half_open or storm
   * @param elements the most parameters of a model
   */
  static LightDevices start(int port, int devices, String behaviour, int elements)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m",
            "-XX:MaxDirectMemorySize=1g",
            "-cp",
            System.getProperty("java.class.path"),
            "io.speedwell.load.LightFleet",
            Integer.toString(port),
            Integer.toString(devices),
            behaviour,
            Integer.toString(elements));
    return new LightDevices(Child.start(command, Map.of()));
  }

  /** Waits until something has happened so often. */
  void await(String event, long times) {
    Awaitility.await("devices: " + event)
        .atMost(Child.PATIENCE.multipliedBy(5))
        .until(() -> count(event) >= times);
  }

  /** How often something has happened, as of the last second. */
  long count(String event) {
    Pattern figure = Pattern.compile(" " + event + " (\\d+)");
    List<String> lines = process.lines();
    for (int i = lines.size() - 1; i >= 0; i--) {
      Matcher found = figure.matcher(lines.get(i));
      if (lines.get(i).startsWith("devices:") && found.find()) {
        return Long.parseLong(found.group(1));
      }
    }
    return 0;
  }

  @Override
  public void close() {
    process.close();
  }
}
