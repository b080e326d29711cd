package io.speedwell.cli.demo;

import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.Home;
import io.speedwell.cli.Problems;
import io.speedwell.cli.Terminal;
import io.speedwell.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code speedwell demo}. */
@Command(
    name = "demo",
    description =
        "Let device processes on this machine learn handwritten digits together, each from its own"
            + " rows, and compare with what each learns alone.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class DemoCommand implements Callable<Integer> {
  private static final int ROUNDS_MAX = 1_000;
  private static final int DEVICES_MIN = 2;
  private static final int DEVICES_MAX = 64;
  private static final long SEED_MAX = 1L << 48;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "30",
      description = "Rounds to learn, 1..1000.")
  private int rounds;

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "10",
      description = "Devices that learn, 2..64.")
  private int devices;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of everything random: the same seed gives the same model.")
  private long seed;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Folder for shards, model and logs; build/demo if not given.")
  private Path work;

  @Option(names = "--report", paramLabel = "FILE.json", description = "Write the figures as JSON.")
  private Path report;

  @Option(
      names = "--device",
      paramLabel = "FILE",
      description = "The device program; the launcher's own if not given.")
  private Path device;

  @Option(
      names = "--digits",
      paramLabel = "FILE",
      description = "The digits, CSV or gzipped CSV; the launcher's if not given.")
  private Path digits;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    range("--rounds", rounds, 1, ROUNDS_MAX);
    range("--devices", devices, DEVICES_MIN, DEVICES_MAX);
    range("--seed", seed, 0, SEED_MAX);
    if (report != null && Files.isDirectory(report)) {
      throw new UserError(
          ExitCodes.DATA_FOLDER, "--report " + report + ": is a folder; name a file in it");
    }
    DemoOptions options =
        new DemoOptions(
            rounds,
            devices,
            seed,
            Home.below(work, "build/demo"),
            report,
            existing("--digits", Home.below(digits, "build/deps/digits.csv")),
            existing(
                "--device", Home.below(device, "build/native/client-c/programs/speedwell-device")));
    try {
      new Demo(options, Terminal.standard(System.getenv())).run();
    } catch (IOException e) {
      throw Problems.folder(options.work(), e);
    }
    return ExitCodes.OK;
  }

  private void range(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), "%s %d: %d..%d is possible".formatted(option, value, least, most));
    }
  }

  private static Path existing(String option, Path path) {
    if (!Files.isRegularFile(path)) {
      throw new UserError(
          ExitCodes.MISSING,
          path + ": not there; './speedwell demo' puts it there, or give " + option + " FILE");
    }
    return path.toAbsolutePath();
  }
}
