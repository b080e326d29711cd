package io.speedwell.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The programs under test, as processes. */
final class Programs {
  private Programs() {}

  /** The device program; the test is skipped if nobody has built it. */
  static Path device() {
    String named = System.getenv("SPEEDWELL_DEVICE");
    Path device =
        named != null
            ? Path.of(named)
            : home().resolve("build/native/client-c/programs/speedwell-device");
    Assumptions.assumeTrue(
        Files.isExecutable(device), device + " is not built: ./speedwell build makes it");
    return device;
  }

  /** Starts a device that connects to a port of this machine. */
  static Child device(int port, String id, Path rows, String... more) throws IOException {
    return device(Map.of(), port, id, rows, more);
  }

  /** The same in this environment besides ours. */
  static Child device(
      Map<String, String> environment, int port, String id, Path rows, String... more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                device().toString(),
                "--server",
                "127.0.0.1:" + port,
                "--id",
                id,
                "--data",
                rows.toString()));
    command.addAll(List.of(more));
    return Child.start(command, environment);
  }

  /** Starts the example that federates a plain program. */
  static Child example(int port, String id, Path rows) throws IOException {
    Path program = device().resolveSibling("../examples/digits-federated").normalize();
    return Child.start(
        List.of(program.toString(), rows.toString(), "127.0.0.1:" + port, id), Map.of());
  }

  /** Starts the command line in a JVM of its own. */
  static Child speedwell(String... arguments) throws IOException {
    return speedwell(
        List.of("-XX:TieredStopAtLevel=1"),
        Map.of("SPEEDWELL_DEVICE", device().toString()),
        arguments);
  }

  /** Starts the command line in a JVM with these options, in this environment besides ours. */
  static Child speedwell(List<String> options, Map<String, String> environment, String... arguments)
      throws IOException {
    return Child.start(command(options, arguments), environment);
  }

  /** What starts the command line in a JVM with these options. */
  static List<String> command(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xshare:auto");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.speedwell.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts a fleet server on any port of this machine. */
  static Child server(Path plan, Path data, int port, String... more) throws IOException {
    return speedwell(serverArguments(plan, data, port, more));
  }

  /** The command line of a fleet server; unless told otherwise it keeps every model. */
  static String[] serverArguments(Path plan, Path data, int port, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "server",
                "--plan",
                plan.toString(),
                "--data",
                data.toString(),
                "--listen",
                "127.0.0.1:" + port));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--keep")) {
      arguments.addAll(List.of("--keep", "all"));
    }
    return arguments.toArray(String[]::new);
  }

  /** The port a server says it listens on. */
  static int port(Child server) {
    String line = server.awaitLine("listening on ");
    return Integer.parseInt(line.replaceFirst(".*listening on 127\\.0\\.0\\.1:(\\d+).*", "$1"));
  }

  /**
   * A port below those that the system gives to outgoing connections: a device that tries a server
   * that is not there must not get the server's port for its own end.
   */
  static InetSocketAddress freeAddress() {
    int first = 20_000 + (int) (ProcessHandle.current().pid() % 10_000); // others test as well
    for (int port = first; port < 32_000; port++) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (ServerSocket free = new ServerSocket()) {
        free.bind(address);
        return address;
      } catch (IOException e) {
        // somebody else's
      }
    }
    throw new AssertionError("no port is free");
  }

  /** Compiles {@code src/test/c/NAME.c}, a library that a server is started with. */
  static Path library(Path folder, String name) throws IOException, InterruptedException {
    Path library = folder.resolve(name + ".so");
    Path source = home().resolve("hw-tests/src/test/c/" + name + ".c");
    Child compiler =
        Child.start(
            List.of("cc", "-O1", "-fPIC", "-shared", "-o", library.toString(), source.toString()),
            Map.of());
    if (compiler.awaitExit() != 0) {
      throw new AssertionError(String.join("\n", compiler.lines()));
    }
    return library;
  }

  /** The top folder of the sources. */
  static Path home() {
    String home = System.getenv("SPEEDWELL_HOME");
    return home != null ? Path.of(home) : Path.of("..").toAbsolutePath().normalize();
  }
}
