package io.speedwell.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * The distribution's PostgreSQL, as a process without privileges in a folder of its own, on a port
 * of loopback. A test is skipped where it is not installed.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final long PATIENCE_S = 60;

  private final Path binaries;
  private final Path folder;
  private final int port;
  private Process process;
  private int databases;

  private PostgresServer(Path binaries, Path folder, int port) {
    this.binaries = binaries;
    this.folder = folder;
    this.port = port;
  }

  public static PostgresServer start() throws Exception {
    Optional<Path> binaries = binaries();
    Assumptions.assumeTrue(
        binaries.isPresent(), "no PostgreSQL in " + INSTALLED + ": ./speedwell setup --test");
    Path folder = Files.createTempDirectory("speedwell-postgresql");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    PostgresServer server = new PostgresServer(binaries.get(), folder, port);
    server.initialise();
    server.run();
    return server;
  }

  private static Optional<Path> binaries() throws IOException {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }

  private void initialise() throws Exception {
    if (root()) { // PostgreSQL refuses to run as root
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    Process init =
        command(
                "initdb",
                "-D",
                data(),
                "-U",
                "speedwell",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions")
            .start();
    if (!init.waitFor(PATIENCE_S, TimeUnit.SECONDS) || init.exitValue() != 0) {
      throw new IOException("initdb failed:\n" + Files.readString(log()));
    }
  }

  /** Starts the server, again after {@link #kill}; it answers when this returns. */
  public void run() throws IOException {
    process =
        command(
                "postgres",
                "-D",
                data(),
                "-p",
                Integer.toString(port),
                "-k",
                folder.toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off")
            .start();
    Awaitility.await()
        .atMost(PATIENCE_S, TimeUnit.SECONDS)
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .ignoreExceptions()
        .until(
            () -> {
              connect("postgres").close();
              return true;
            });
  }

  /** SIGQUIT, which ends it without a farewell, as a crash would; it is gone when this returns. */
  public void kill() throws IOException, InterruptedException {
    signal("QUIT", process.toHandle());
    process.waitFor();
  }

  /** Stops it, connections and all: it is there and says nothing, until {@link #goOn}. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP", process.toHandle()); // it makes no more processes then
    for (ProcessHandle child : process.toHandle().descendants().toList()) {
      signal("STOP", child);
    }
  }

  public void goOn() throws IOException, InterruptedException {
    for (ProcessHandle child : process.toHandle().descendants().toList()) {
      signal("CONT", child);
    }
    signal("CONT", process.toHandle());
  }

  private static void signal(String name, ProcessHandle to)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start().waitFor();
  }

  /** The URL of a new, empty database. */
  public synchronized String newDatabase() throws SQLException {
    String name = "t" + ++databases;
    try (Connection connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return url(name);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=speedwell";
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database));
  }

  private ProcessBuilder command(String program, String... arguments) {
    // ends with this process, however that ends
    List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "QUIT"));
    if (root()) {
      command.addAll(List.of("--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
  }

  private static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private Path log() {
    return folder.resolve("log");
  }

  @Override
  public void close() throws Exception {
    kill();
    new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
  }
}
