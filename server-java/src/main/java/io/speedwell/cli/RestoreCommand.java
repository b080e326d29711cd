package io.speedwell.cli;

import io.speedwell.run.StoreException;
import io.speedwell.store.Restore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell restore}. */
@Command(
    name = "restore",
    description = "Make a data folder out of a backup, every file checked by its hash.",
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SRC", description = "The backup.")
  private Path source;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The data folder to make; it must be empty or not exist.")
  private Path data;

  @Mixin private StoreOptions store;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      int checkpoints = Restore.make(source, data, store.url());
      spec.commandLine()
          .getOut()
          .printf("%s restored from %s: %d checkpoints%n", data, source, checkpoints);
      return ExitCodes.OK;
    } catch (StoreException e) {
      throw Data.problem(e);
    }
  }
}
