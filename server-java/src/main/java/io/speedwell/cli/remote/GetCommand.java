package io.speedwell.cli.remote;

import io.speedwell.cli.ExitCodes;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell model get}. */
@Command(
    name = "get",
    description = "Fetch a run's model from a server.",
    mixinStandardHelpOptions = true)
public final class GetCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The run.")
  private String run;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "Where to put it; its ending, .safetensors or .npz, says in which format.")
  private Path file;

  @Option(
      names = "--round",
      paramLabel = "N",
      description = "A committed round; without, the newest; 0 is the initial model.")
  private Integer round;

  @Mixin private ServerOption server;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String format = file.toString().endsWith(".npz") ? "npz" : "safetensors";
    String query = "?format=" + format + (round == null ? "" : "&round=" + round);
    int got = server.connect().download(AdminClient.run(run) + "/model" + query, file);
    spec.commandLine().getOut().printf("run %s, round %d: %s%n", run, got, file);
    return ExitCodes.OK;
  }
}
