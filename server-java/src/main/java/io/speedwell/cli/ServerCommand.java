package io.speedwell.cli;

import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.run.HeapNeed;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunListeners;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import io.speedwell.store.DataFolder;
import io.speedwell.store.Retention;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code speedwell server}: a fleet server in the foreground. */
@Command(
    name = "server",
    description = "Run a fleet server: devices connect, plans' rounds run, models are kept.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class ServerCommand implements Callable<Integer> {

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description =
          "What to learn, YAML ('speedwell plan check' explains it); may be given several times."
              + " Without, the server goes on with what 'speedwell run start' began, and waits for"
              + " more.")
  private List<Path> plans = List.of();

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
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      converter = Address.Converter.class,
      description =
          "Where operators connect; port 0 takes a free one, found through the data folder.")
  private InetSocketAddress admin;

  @Option(names = "--no-admin", description = "No port for operators.")
  private boolean noAdmin;

  @Option(
      names = "--allow-plaintext",
      description = "Listen on an address other than loopback although nothing is encrypted.")
  private boolean allowPlaintext;

  @Mixin private BudgetOption memory;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "How long the end may take after SIGTERM or Ctrl-C.")
  private Duration drain;

  @Mixin private ConnectionOptions connections;

  @Option(
      names = "--log",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text: lines for people; json: one JSON object a line, on standard output.")
  private LogForm log;

  @Option(names = "--once", description = "End when the runs of all plans have ended.")
  private boolean once;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    List<Plan> read = plans.stream().map(PlanFile::read).toList();
    check(read);
    ByteSize budget = budget(read);
    log.begin();
    List<RunSpec> runs = read.stream().map(RunSpecs::of).toList(); // before anything is opened
    ConnectionLimits limits = connections.limits();
    PrintWriter out = spec.commandLine().getOut();
    PlannedRuns planned = new PlannedRuns(read.stream().map(Plan::name).toList());
    RunListener console = new RunListeners(log.listener(out), planned);
    AdminPort port = noAdmin ? null : new AdminPort(data);
    RunListener listener = noAdmin ? console : new RunListeners(console, port.listener());
    try (DataFolder folder = Data.open(data, read, store.keeping(keep));
        FleetServer server =
            FleetServer.start(
                FleetServer.Settings.of(listen, allowPlaintext, budget.bytes())
                    .limitedTo(limits)
                    .drainWithin(drain),
                folder.runs(),
                listener);
        AdminPort closing = port) {
      Thread end = new Thread(() -> end(port, server, folder), "drain");
      Runtime.getRuntime().addShutdownHook(end);
      log.say(
          out,
          "listening on %s, data in %s, %s, %s for updates"
              .formatted(Address.format(server.address()), data, names(read), budget));
      if (!OpenFiles.advice().isEmpty()) {
        log.say(out, OpenFiles.advice());
      }
      OperatorsWishes wishes = new OperatorsWishes(folder, data);
      for (RunSpec run : runs) {
        server.run(run, wishes.of(run.plan().name()));
      }
      wishes
          .others(names(runs), problem -> log.say(out, problem))
          .forEach(run -> server.run(run, wishes.of(run.plan().name())));
      if (port != null) {
        log.say(out, "admin port on " + port.open(admin, server, folder));
      }
      PlannedRuns.Outcome outcome = planned.ended().join();
      if (outcome != PlannedRuns.Outcome.ALL_FAILED && !once) {
        log.say(out, "still listening; stop with Ctrl-C or SIGTERM");
        Thread.currentThread().join();
      }
      Runtime.getRuntime().removeShutdownHook(end);
      return outcome == PlannedRuns.Outcome.WELL ? ExitCodes.OK : ExitCodes.RUN_FAILED;
    }
  }

  /** The update budget, held against the heap before anything is in it. */
  private ByteSize budget(List<Plan> read) {
    long heap = Runtime.getRuntime().maxMemory();
    ByteSize budget = memory.size(heap, read);
    HeapNeed.shortage(heap, budget.bytes(), HeapNeed.of(read))
        .ifPresent(
            why -> {
              throw new UserError(ExitCodes.UNFIT, why);
            });
    return budget;
  }

  private void check(List<Plan> read) {
    if (once && read.isEmpty()) {
      throw new UserError(ExitCodes.USAGE, "--once: give the --plan whose end is meant");
    }
    Set<String> names = new HashSet<>();
    for (Plan plan : read) {
      if (!names.add(plan.name())) {
        throw new UserError(
            ExitCodes.USAGE, "two plans have the name " + plan.name() + "; rename one");
      }
    }
    if (!noAdmin && !admin.getAddress().isLoopbackAddress() && !allowPlaintext) {
      throw new UserError(
          ExitCodes.ADDRESS,
          Address.format(admin)
              + " is not this machine's loopback, and the admin port is not encrypted: reach it"
              + " through a tunnel, or give --allow-plaintext if the network is trusted");
    }
  }

  private static Set<String> names(Collection<RunSpec> runs) {
    return runs.stream().map(run -> run.plan().name()).collect(Collectors.toSet());
  }

  private String names(List<Plan> read) {
    if (read.isEmpty()) {
      return "no --plan ('speedwell run start' gives one)";
    }
    String runs = read.stream().map(Plan::name).collect(Collectors.joining(", "));
    String files = plans.stream().map(Path::toString).collect(Collectors.joining(", "));
    return read.size() == 1
        ? "plan %s (run %s)".formatted(files, runs)
        : "plans %s (runs %s)".formatted(files, runs);
  }

  private static void end(AdminPort port, FleetServer server, DataFolder folder) {
    if (port != null) {
      port.drain();
    }
    server.close();
    if (port != null) {
      port.close();
    }
    folder.close();
  }
}
