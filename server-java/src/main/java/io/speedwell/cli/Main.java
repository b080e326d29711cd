package io.speedwell.cli;

import io.speedwell.cli.demo.DemoCommand;
import io.speedwell.cli.doctor.DoctorCommand;
import io.speedwell.cli.remote.BackupCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program {@code speedwell}: every command, and the way each of them ends. */
@Command(
    name = "speedwell",
    description = "Federated learning for cars and boards.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServerCommand.class,
      DemoCommand.class,
      DoctorCommand.class,
      ModelCommand.class,
      PlanCommand.class,
      RunCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      VersionCommand.class
    })
public final class Main {

  @Option(
      names = Defaults.CONFIG_OPTION,
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Properties file with defaults for options; speedwell.properties if it exists.")
  private Path config;

  public static void main(String[] args) {
    System.exit(
        run(
            args,
            System.getenv(),
            new PrintWriter(System.out, true),
            new PrintWriter(System.err, true)));
  }

  /** Runs one command line. Returns its exit code; never throws. */
  static int run(String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    CommandLine root = new CommandLine(new Main());
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setOut(out);
    root.setErr(err);
    root.setExecutionExceptionHandler((problem, command, parsed) -> explain(problem, err));
    root.setParameterExceptionHandler(
        (problem, given) -> {
          err.println("speedwell: " + problem.getMessage());
          err.println(
              "Try '" + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
          return ExitCodes.USAGE;
        });
    try {
      root.setDefaultValueProvider(Defaults.read(root, args, environment));
    } catch (UserError problem) {
      return explain(problem, err);
    }
    try {
      int code = root.execute(args);
      if (code == ExitCodes.OK && out.checkError()) {
        err.println("speedwell: standard output did not take everything that was written");
        return ExitCodes.INTERNAL;
      }
      return code;
    } catch (OutOfMemoryError problem) {
      return explain(problem, err);
    }
  }

  /** What a command failed with, told to the user. Returns the exit code. */
  static int explain(Throwable problem, PrintWriter err) {
    if (problem instanceof UserError error) {
      err.println("speedwell: " + error.getMessage());
      return error.exitCode();
    }
    if (problem instanceof OutOfMemoryError || problem.getCause() instanceof OutOfMemoryError) {
      err.printf(
          "speedwell: the model is too large for the %d MB that Java may use; if its sizes are"
              + " right, give it more: JAVA_TOOL_OPTIONS=-Xmx8g%n",
          Runtime.getRuntime().maxMemory() >> 20);
      return ExitCodes.BAD_INPUT;
    }
    err.println("speedwell: internal error, please report it:");
    problem.printStackTrace(err);
    return ExitCodes.INTERNAL;
  }
}
