package io.speedwell.cli.remote;

import io.speedwell.cli.Data;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.StoreOptions;
import io.speedwell.run.StoreException;
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

/** {@code speedwell run rollback}: by the server that runs on the folder, or without one. */
@Command(
    name = "rollback",
    description = "Make an earlier committed round of a run its newest one again.",
    mixinStandardHelpOptions = true)
public final class RollBackCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The run.")
  private String run;

  @Parameters(
      index = "1",
      paramLabel = "ROUND",
      description = "The round to go on from; 0 is the initial model.")
  private int round;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data folder.")
  private Path data;

  @Mixin private StoreOptions store;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Optional<AdminClient> server = AdminClient.running(data);
    if (server.isPresent()) {
      server.get().post(AdminClient.run(run) + "/rollback?round=" + round, "");
    } else {
      rollBack();
    }
    spec.commandLine().getOut().printf("run %s goes on after round %d%n", run, round);
    return ExitCodes.OK;
  }

  private void rollBack() {
    try (DataFolder folder = Data.open(data, store.keepingAll())) {
      folder.runs().rollBack(run, round);
    } catch (StoreException e) {
      throw Data.problem(e);
    }
  }
}
