package io.speedwell.cli.demo;

import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The device processes of a demo: started, watched, and ended with it. Each writes to a log of its
 * own. Thread-safe, but processes end with the thread that started them: let it be one that lives
 * as long.
 */
final class DeviceProcesses implements AutoCloseable {
  private static final long END_WITHIN_S = 3;

  private final Path program;
  private final Path logs;
  private final List<Process> running = new ArrayList<>();
  private final CompletableFuture<String> died = new CompletableFuture<>();
  private boolean closed;

  DeviceProcesses(Path program, Path logs) {
    this.program = program;
    this.logs = logs;
  }

  /** Starts a device that is to run until {@link #close}. */
  void start(String name, List<String> arguments) throws IOException {
    Process process = launch(name, arguments);
    process
        .onExit()
        .thenAcceptAsync(
            ended -> {
              if (!isClosed()) {
                died.complete(
                    "%s ended by itself (exit code %d); see %s"
                        .formatted(name, ended.exitValue(), log(name)));
              }
            },
            // Ctrl-C ends the devices at the same moment as this process: that is no news
            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
  }

  /** Starts a device that does one thing; what it prints, once it has ended well. */
  CompletableFuture<String> startOnce(String name, List<String> arguments) throws IOException {
    Process process = launch(name, arguments);
    return process
        .onExit()
        .thenApply(
            ended -> {
              forget(ended);
              if (ended.exitValue() != 0) {
                throw new UserError(
                    ExitCodes.RUN_FAILED,
                    "%s failed (exit code %d); see %s"
                        .formatted(name, ended.exitValue(), log(name)));
              }
              return read(log(name));
            });
  }

  /** Completed, with a sentence, when a device that should run has ended. */
  CompletableFuture<String> died() {
    return died;
  }

  /** Ends every process, and waits until they are gone. */
  @Override
  public void close() {
    List<Process> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(running);
      running.clear();
    }
    left.forEach(Process::destroy);
    for (Process process : left) {
      try {
        if (!process.waitFor(END_WITHIN_S, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized Process launch(String name, List<String> arguments) throws IOException {
    if (closed) {
      throw new IOException("the demo is ending; " + name + " is not started");
    }
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    command.add("--with-parent"); // also when this process is killed
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(name).toFile())
            .start();
    running.add(process);
    process.getOutputStream().close();
    return process;
  }

  private synchronized void forget(Process process) {
    running.remove(process);
  }

  private Path log(String name) {
    return logs.resolve(name + ".log");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
