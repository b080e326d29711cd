package io.speedwell.cli.remote;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which server is meant; the same for every command that speaks to one. */
final class ServerOption {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The server's data folder, where the way to its admin port stands.")
  private Path data;

  AdminClient connect() {
    return AdminClient.of(data);
  }
}
