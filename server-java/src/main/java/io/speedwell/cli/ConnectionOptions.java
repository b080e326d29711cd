package io.speedwell.cli;

import io.speedwell.gateway.ConnectionLimits;
import picocli.CommandLine.Option;

/** Options of a command that takes connections of devices. */
final class ConnectionOptions {

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Most connections at once; 0: as many as the system's limit of open files lets.")
  private int total;

  @Option(
      names = "--max-per-address",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Most connections at once from one address; 0: no limit. Devices behind one NAT share"
              + " theirs.")
  private int perAddress;

  @Option(
      names = "--max-strangers",
      paramLabel = "N",
      defaultValue = "4096",
      description =
          "Most connections at once from one address that have not said hello; a device is one"
              + " for a round trip.")
  private int strangers;

  @Option(
      names = "--accept-rate",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Most connections taken in a second; more wait, nobody is turned away.")
  private int rate;

  /**
   * The limits, with the total fitted to what the system allows.
   *
   * @throws UserError when an option is out of range, or the system does not allow as much
   */
  ConnectionLimits limits() {
    int most = OpenFiles.connections();
    if (total > most) {
      throw new UserError(
          ExitCodes.USAGE,
          ("--max-connections %d: the system lets this process have %d files open, enough for %d"
                  + " connections; raise it with 'ulimit -n %d' before the start or"
                  + " LimitNOFILE=%d in the service's unit, or ask for fewer")
              .formatted(
                  total,
                  OpenFiles.limit(),
                  most,
                  total + OpenFiles.RESERVED,
                  total + OpenFiles.RESERVED));
    }
    try {
      return new ConnectionLimits(total == 0 ? most : total, perAddress, strangers, rate);
    } catch (IllegalArgumentException e) {
      throw new UserError(ExitCodes.USAGE, e.getMessage(), e);
    }
  }
}
