package io.speedwell.cli;

import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import io.speedwell.store.DataFolder;
import io.speedwell.store.Retention;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code speedwell server}: a fleet server in the foreground. */
@Command(
    name = "server",
    description = "Run a fleet server: devices connect, the plan's rounds run, models are kept.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class ServerCommand implements Callable<Integer> {

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "FILE",
      description = "What to learn, YAML; 'speedwell plan check' explains it.")
  private Path plan;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder for models and history; a run found there goes on.")
  private Path data;

  @Mixin private StoreOptions store;

  @Option(
      names = "--keep",
      paramLabel = "RULE",
      defaultValue = "last=10,every=10",
      converter = RetentionConverter.class,
      description =
          "Which models of a run are kept: 'all', or 'last=N,every=K' and one of 'max=METRIC' and"
              + " 'min=METRIC'.")
  private Retention keep;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7700",
      converter = Address.Converter.class,
      description = "Where devices connect.")
  private InetSocketAddress listen;

  @Option(
      names = "--allow-plaintext",
      description = "Listen on an address other than loopback although nothing is encrypted.")
  private boolean allowPlaintext;

  @Option(
      names = "--budget",
      paramLabel = "BYTES",
      defaultValue = "256M",
      converter = ByteSize.Converter.class,
      description = "Memory for updates on their way in, such as 64M or 2G.")
  private ByteSize budget;

  @Option(names = "--once", description = "End when the run has ended, instead of staying up.")
  private boolean once;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Plan read = PlanFile.read(plan);
    RunSpec run = RunSpecs.of(read); // before anything is made or opened
    ConsoleListener console = new ConsoleListener(out);
    try (DataFolder folder = Data.open(data, read, store.keeping(keep));
        FleetServer server =
            FleetServer.start(
                FleetServer.Settings.of(listen, allowPlaintext, budget.bytes()),
                folder.runs(),
                console)) {
      out.printf(
          "speedwell: listening on %s, data in %s, plan %s (run %s), %s for updates%n",
          Address.format(server.address()), data, plan, read.name(), budget);
      Thread drain = new Thread(() -> end(server, folder), "drain");
      Runtime.getRuntime().addShutdownHook(drain);
      server.run(run);
      boolean well = console.ended().join();
      if (well && !once) {
        out.println("speedwell: still listening; stop with Ctrl-C or SIGTERM");
        Thread.currentThread().join();
      }
      Runtime.getRuntime().removeShutdownHook(drain);
      return well ? ExitCodes.OK : ExitCodes.RUN_FAILED;
    }
  }

  private static void end(FleetServer server, DataFolder folder) {
    server.close();
    folder.close();
  }
}
