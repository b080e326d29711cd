package io.speedwell.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process under test: what it has said so far, line by line, and how it ends. Thread-safe. */
final class Child implements AutoCloseable {
  /** How long anything may take on a slow machine before a test gives up. */
  static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Process process;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>();

  private Child(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "child-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  static Child start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new Child(builder.start());
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Everything said so far. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits for a line that contains the text, from the first on. */
  String awaitLine(String text) {
    return awaitLines(text, 1).get(0);
  }

  /** Waits until so many lines contain the text. */
  synchronized List<String> awaitLines(String text, int count) {
    Predicate<String> wanted = line -> line.contains(text);
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (lines.stream().filter(wanted).count() < count) {
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (left <= 0 || !process.isAlive() && !reader.isAlive()) {
        throw new AssertionError(
            "no " + count + " lines with '" + text + "' but:\n" + String.join("\n", lines));
      }
      try {
        wait(Math.min(left, 100));
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
    return lines.stream().filter(wanted).toList();
  }

  /** Waits for the end; the exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("still running:\n" + String.join("\n", lines()));
    }
    reader.join(PATIENCE.toMillis());
    return process.exitValue();
  }

  /** SIGKILL, and it is gone when this returns. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Waits so long at most; whether it has ended. */
  boolean endsWithin(long time, TimeUnit unit) throws InterruptedException {
    return process.waitFor(time, unit);
  }

  /** SIGTERM. */
  void terminate() {
    process.toHandle().destroy(); // unlike that of the process, it leaves the output open
  }

  /** Any signal, by name. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  @Override
  public void close() {
    kill();
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (this) {
          lines.add(line);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // killing a process closes its output: nothing more will be said
    }
  }
}
