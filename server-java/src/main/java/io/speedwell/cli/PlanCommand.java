package io.speedwell.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell plan ...}. */
@Command(
    name = "plan",
    description = "Work with plans.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class PlanCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "check",
      description = "Read a plan and print it with every default filled in.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", description = "The plan, YAML.") Path file) {
    spec.commandLine().getOut().print(PlanFile.read(file).resolved());
    spec.commandLine().getOut().flush();
    return ExitCodes.OK;
  }
}
