package io.speedwell.cli.demo;

import io.speedwell.cli.Data;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.FleetServer;
import io.speedwell.cli.Problems;
import io.speedwell.cli.RunSpecs;
import io.speedwell.cli.Terminal;
import io.speedwell.cli.UserError;
import io.speedwell.cli.Versions;
import io.speedwell.model.file.Export;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanException;
import io.speedwell.run.plan.PlanReader;
import io.speedwell.session.Traffic;
import io.speedwell.store.DataFolder;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The demo from data to report: shares the digits out, lets every device learn alone, starts a
 * fleet server in this process and the devices as processes, watches the rounds, writes what came
 * of it.
 */
final class Demo {
  private static final long BUDGET = 64L << 20;

  private final DemoOptions options;
  private final WorkFolder work;
  private final Terminal terminal;
  private final Progress progress;

  Demo(DemoOptions options, Terminal terminal) {
    this.options = options;
    this.work = new WorkFolder(options.work());
    this.terminal = terminal;
    this.progress = new Progress(terminal, options.rounds());
  }

  void run() throws IOException, InterruptedException {
    try (Closeable claim = work.startAnew()) {
      learn();
    }
  }

  private void learn() throws IOException, InterruptedException {
    Shards shards = Shards.split(Digits.read(options.digits()), options.devices(), options.seed());
    Rounds rounds = new Rounds(progress, shards.heldOut().size());
    Plan plan = plan();
    Files.writeString(work.plan(), plan.resolved());
    List<Path> files = shards.write(work.shards());
    Shards.writeRows(work.heldOut(), shards.heldOut());
    progress.say(Words.shards(shards));

    Report.Alone alone;
    Checkpoint last;
    try (DeviceProcesses processes = new DeviceProcesses(options.program(), work.logs())) {
      Thread cleanUp = new Thread(processes::close, "clean-up");
      Runtime.getRuntime().addShutdownHook(cleanUp);
      alone = Alone.measure(options, files, work.heldOut(), processes, progress);
      progress.say(Words.alone(alone));
      last = together(plan, files, processes, rounds);
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    }
    progress.closeLine();
    Report report = report(alone, last, rounds);
    report.writeMetrics(work.metrics());
    if (options.report() != null) {
      try {
        report.write(options.report());
      } catch (IOException e) {
        throw Problems.folder(options.report(), e);
      }
    }
    Words.ending(report, shards.heldOut().size(), options, terminal.out());
  }

  private Checkpoint together(Plan plan, List<Path> files, DeviceProcesses processes, Rounds rounds)
      throws IOException, InterruptedException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (DataFolder folder = Data.open(work.server(), plan);
        FleetServer server =
            FleetServer.start(
                FleetServer.Settings.of(anyPort, false, BUDGET), folder.runs(), rounds)) {
      server.run(RunSpecs.of(plan));
      progress.say(Words.starting(server.address(), files.size()));
      processes.start(
          DemoOptions.EVALUATOR,
          arguments(server.address(), DemoOptions.EVALUATOR, work.heldOut(), "--evaluate-only"));
      await(rounds.measurable(), processes); // or the first rounds would not be measured
      for (int i = 0; i < files.size(); i++) {
        String id = DemoOptions.deviceId(i);
        processes.start(id, arguments(server.address(), id, files.get(i)));
      }
      return await(rounds.ended(), processes);
    }
  }

  /** Waits for news, or for the end of a device that should run. */
  private <T> T await(CompletableFuture<T> news, DeviceProcesses processes)
      throws InterruptedException {
    processes.died().thenAccept(why -> news.completeExceptionally(new IllegalStateException(why)));
    try {
      return news.get();
    } catch (ExecutionException e) {
      progress.closeLine();
      throw new UserError(
          ExitCodes.RUN_FAILED,
          "the demo failed: " + e.getCause().getMessage() + "; logs are in " + work.logs(),
          e.getCause());
    }
  }

  private static List<String> arguments(
      InetSocketAddress server, String id, Path data, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server",
                server.getAddress().getHostAddress() + ":" + server.getPort(),
                "--id",
                id,
                "--data",
                data.toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Plan plan() {
    try {
      return PlanReader.read(options.plan(), "plan.yaml", work.root());
    } catch (PlanException e) {
      throw new IllegalStateException("the demo's own plan is wrong: " + e.getMessage(), e);
    }
  }

  private Report report(Report.Alone alone, Checkpoint last, Rounds rounds) throws IOException {
    List<Report.Round> finished = rounds.finished();
    if (finished.isEmpty() || finished.get(finished.size() - 1).round() != last.round()) {
      throw new UserError(
          ExitCodes.RUN_FAILED, "the model of the last round was not measured; see " + work.logs());
    }
    Report.Round end = finished.get(finished.size() - 1);
    Export model = Export.write(work.root(), "model", last.parameters());
    return new Report(
        new Report.Outcome(end.accuracy(), end.loss()),
        alone,
        finished,
        overhead(rounds.traffic(), finished, last),
        new Report.Model(
            model.safetensors().toString(),
            model.npz().toString(),
            model.cHeader().toString(),
            model.sha256()),
        options.seed(),
        Versions.all());
  }

  /** Bytes beyond the weights, which every device takes once and gives once a round; to a tenth. */
  private static double overhead(Traffic traffic, List<Report.Round> finished, Checkpoint last) {
    long deviceRounds = finished.stream().mapToLong(Report.Round::devices).sum();
    long weights = 2L * Float.BYTES * last.parameters().values().length;
    double each = (double) (traffic.received() + traffic.sent()) / deviceRounds - weights;
    return Math.rint(10 * each) / 10;
  }
}
