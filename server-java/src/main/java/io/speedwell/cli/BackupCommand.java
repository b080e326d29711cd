package io.speedwell.cli;

import io.speedwell.run.StoreException;
import io.speedwell.store.Backup;
import io.speedwell.store.DataFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell backup}. */
@Command(
    name = "backup",
    description = "Copy a data folder and its database, whether a server runs on it or not.",
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
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
    Backup.Made made = make();
    spec.commandLine()
        .getOut()
        .printf(
            "backup of %s in %s: %d checkpoints, %d bytes%n",
            data, made.folder(), made.checkpoints(), made.bytes());
    return ExitCodes.OK;
  }

  private Backup.Made make() {
    try (DataFolder folder = Data.open(data, store.keepingAll())) {
      return folder.backup().make(destination);
    } catch (StoreException e) {
      throw Data.problem(e);
    }
  }
}
