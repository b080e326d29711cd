package io.speedwell.cli.doctor;

import io.speedwell.cli.OpenFiles;
import io.speedwell.cli.Problems;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What every server needs of a machine: one finding each. Pure but for what they look at. */
final class MachineChecks {
  private static final int JAVA_LEAST = 17;
  private static final long PROGRAM_MS = 10_000;
  private static final long YEAR_2024 = 1_704_067_200_000L;
  private static final long YEAR_2100 = 4_102_444_800_000L;

  private MachineChecks() {}

  static Finding java(int feature, String version) {
    return feature >= JAVA_LEAST
        ? Finding.ok("java", version)
        : Finding.fail("java", version, "install Java " + JAVA_LEAST + " or newer");
  }

  /**
   * @param limit files this process may have open
   * @param devices that are to be connected at once
   */
  static Finding files(long limit, int devices) {
    String subject = "open files";
    long needed = (long) devices + OpenFiles.RESERVED;
    String found = "%d allowed, %d needed for %d devices".formatted(limit, needed, devices);
    return limit >= needed
        ? Finding.ok(subject, found)
        : Finding.fail(
            subject,
            found,
            "raise it: 'ulimit -n %d', or LimitNOFILE=%d in the service's unit"
                .formatted(needed, needed));
  }

  /** Whether somebody else listens there already. */
  static Finding port(String subject, InetSocketAddress address) {
    String found = address.getHostString() + ":" + address.getPort();
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return Finding.ok(subject, found + " is free");
    } catch (IOException e) {
      return Finding.warn(
          subject,
          found + ": " + Problems.describe(e),
          "end what listens there ('ss -ltnp' names it), or choose another address");
    }
  }

  /**
   * Whether the clock can be right; times in the history come from it, nothing else does.
   *
   * @param nowMs since 1970
   * @param newestFileMs when the data folder's newest file was written; 0: not known
   */
  static Finding clock(long nowMs, long newestFileMs) {
    String subject = "clock";
    String found = Instant.ofEpochMilli(nowMs).toString();
    if (nowMs < YEAR_2024 || nowMs > YEAR_2100) {
      return Finding.warn(subject, found, "set the clock, or let NTP do it");
    }
    if (newestFileMs > nowMs + TimeUnit.MINUTES.toMillis(1)) {
      return Finding.warn(
          subject,
          found + ", yet the data folder was written later",
          "set the clock: the history's times would not ascend");
    }
    return Finding.ok(subject, found);
  }

  /** Whether the native device program is there and starts; a server alone does not need it. */
  static Finding program(Path program) {
    String subject = "device program";
    String remedy = "'./speedwell build' makes it; only the demo and devices here need it";
    if (!Files.isExecutable(program)) {
      return Finding.warn(subject, program + ": it is not there", remedy);
    }
    try {
      Process process =
          new ProcessBuilder(program.toString(), "--help")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(PROGRAM_MS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return Finding.warn(subject, program + ": it does not answer", remedy);
      }
      return process.exitValue() == 0
          ? Finding.ok(subject, program.toString())
          : Finding.warn(subject, program + ": exit code " + process.exitValue(), remedy);
    } catch (IOException e) {
      return Finding.warn(subject, program + ": " + Problems.describe(e), remedy);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Finding.warn(subject, program + ": interrupted", remedy);
    }
  }
}
