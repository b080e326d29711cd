package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.speedwell.cli.Data;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.StoreOptions;
import io.speedwell.run.StoreException;
import io.speedwell.store.Backup;
import io.speedwell.store.DataFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell backup}: by the server that runs on the folder, or without one. */
@Command(
    name = "backup",
    description = "Copy a data folder and its database, whether a server runs on it or not.",
    mixinStandardHelpOptions = true)
public final class BackupCommand implements Callable<Integer> {
  private record Made(Path folder, int checkpoints, long bytes) {}

  @Parameters(
      paramLabel = "DEST",
      description = "Folder for the backup; it must be empty or not exist.")
  private Path destination;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data folder.")
  private Path data;

  @Mixin private StoreOptions store;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Made made = make();
    spec.commandLine()
        .getOut()
        .printf(
            "backup of %s in %s: %d checkpoints, %d bytes%n",
            data, made.folder(), made.checkpoints(), made.bytes());
    return ExitCodes.OK;
  }

  private Made make() {
    Optional<AdminClient> server = AdminClient.running(data);
    if (server.isPresent()) {
      Path to = destination.toAbsolutePath().normalize();
      JsonNode made = server.get().backup(to);
      return new Made(to, made.path("checkpoints").asInt(), made.path("bytes").asLong());
    }
    try (DataFolder folder = Data.open(data, store.keepingAll())) {
      Backup.Made made = folder.backup().make(destination);
      return new Made(made.folder(), made.checkpoints(), made.bytes());
    } catch (StoreException e) {
      throw Data.problem(e);
    }
  }
}
