package io.speedwell.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files, connections among them, the system lets this process have open. */
public final class OpenFiles {
  /** Files that are not connections of devices: database, checkpoints, libraries, admin port. */
  public static final int RESERVED = 256;

  private static final long FEW = 1_000; // connections; below it a start says so

  private OpenFiles() {}

  /** The limit; a system that has none counts as the most there can be. */
  public static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Integer.MAX_VALUE;
  }

  /** How many connections that is enough for, at least 1. */
  static int connections() {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, limit()) - RESERVED);
  }

  /** What is to be said at a start when the limit is low; empty: nothing. */
  static String advice() {
    return connections() >= FEW
        ? ""
        : ("the system lets this process have %d files open, enough for %d connections; raise it"
                + " with 'ulimit -n 20000' before the start or LimitNOFILE=20000 in the service's"
                + " unit")
            .formatted(limit(), connections());
  }
}
