package io.speedwell.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.cli.remote.GetCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell model ...}. */
@Command(
    name = "model",
    description = "Look at models, fetch them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = GetCommand.class,
    mixinStandardHelpOptions = true)
final class ModelCommand {
  @Spec private CommandSpec spec;

  @Command(
      name = "inspect",
      description = "List the tensors of a model: shape, smallest, largest and mean value.",
      mixinStandardHelpOptions = true)
  int inspect(
      @Parameters(paramLabel = "FILE", description = "A .safetensors or .npz file.") Path file,
      @Option(names = "--json", description = "One JSON object instead of a table.") boolean json)
      throws JsonProcessingException {
    ModelSummary summary = ModelSummary.of(file);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(summary));
    } else {
      table(summary, out);
    }
    return ExitCodes.OK;
  }

  private static void table(ModelSummary summary, PrintWriter out) {
    int widest = summary.tensors().stream().mapToInt(t -> t.name().length()).max().orElse(0);
    String form = "%-" + Math.max(widest, "tensor".length()) + "s  %-14s %10s %10s %10s%n";
    out.printf(form, "tensor", "shape", "min", "max", "mean");
    for (ModelSummary.Figures tensor : summary.tensors()) {
      out.printf(
          form,
          tensor.name(),
          tensor.shape().toString().replace(" ", ""),
          number(tensor.min()),
          number(tensor.max()),
          number(tensor.mean()));
    }
    out.printf(Locale.ROOT, "%,d parameters%n", summary.parameters());
    out.println("sha256 " + summary.sha256());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5f", value);
  }
}
