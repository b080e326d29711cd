package io.speedwell.bench;

import io.speedwell.aggregate.FedAvg;
import io.speedwell.cli.FleetServer;
import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.model.HeInitialiser;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import io.speedwell.store.DataFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;

/**
 * What a round takes with ten device processes over TCP and a data folder on disk: with training
 * that takes no time, the median of 50 rounds, the commit included and excluded; and by how much a
 * device that is killed in mid-round delays it, beyond the work of the device that takes its place.
 */
public final class RoundBench {
  private static final int DEVICES = 10;
  private static final int PARAMETERS = 10_000;
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 50;
  private static final int WORK_MS = 400;
  private static final int DEATHS = 5;

  private RoundBench() {}

  /** One round, in nanoseconds of the machine's clock. */
  private record Times(long started, long committed, long computed) {}

  /** Prints the figures. */
  public static void main(String[] arguments) throws Exception {
    rounds();
    deaths();
  }

  private static void rounds() throws Exception {
    try (Fleet fleet = new Fleet(DEVICES, 0, WARM_UP + ROUNDS)) {
      List<Times> all = new ArrayList<>();
      for (int i = 0; i < WARM_UP + ROUNDS; i++) {
        all.add(fleet.rounds.take());
      }
      List<Times> counted = all.subList(WARM_UP, all.size());
      System.out.printf(
          "%d devices, %,d parameters, median of %d rounds: %.1f ms, without the commit %.1f ms%n",
          DEVICES,
          PARAMETERS,
          ROUNDS,
          median(counted.stream().map(t -> t.committed - t.started).toList()) / 1e6,
          median(counted.stream().map(Times::computed).toList()) / 1e6);
    }
  }

  private static void deaths() throws Exception {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < DEATHS; i++) {
      // a spare waits; whoever begins a task first is the one to die
      try (Fleet fleet = new Fleet(DEVICES + 1, WORK_MS, 3)) {
        fleet.rounds.take();
        Process victim = fleet.begun();
        Thread.sleep(WORK_MS / 2);
        victim.destroyForcibly();
        long killed = System.nanoTime();
        Times round = fleet.rounds.take();
        delays.add(round.committed - killed - WORK_MS * 1_000_000L);
      }
    }
    System.out.printf(
        "a device of %d dies in mid-round: the round ends %.1f ms after its replacement's work,"
            + " the commit included (median of %d)%n",
        DEVICES, median(delays) / 1e6, DEATHS);
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** A server with a run, and its devices. */
  private static final class Fleet implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("speedwell-round");
    private final DataFolder data;
    private final FleetServer server;
    private final List<Process> devices = new ArrayList<>();
    private final List<BufferedReader> words = new ArrayList<>();
    private final BlockingQueue<Times> rounds = new ArrayBlockingQueue<>(1_000);

    Fleet(int count, int workMs, int most) throws Exception {
      Plan plan = plan(most);
      data = DataFolder.open(folder);
      InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
      server =
          FleetServer.start(
              new FleetServer.Settings(
                  any,
                  false,
                  ConnectionLimits.DEFAULTS,
                  64 << 20,
                  Long.MAX_VALUE,
                  2,
                  2,
                  Duration.ZERO),
              data.runs(),
              new Listener());
      for (int i = 0; i < count; i++) {
        Process device =
            BenchDevice.start(server.address().getPort(), "device-" + i, PARAMETERS, workMs);
        devices.add(device);
        words.add(new BufferedReader(new InputStreamReader(device.getInputStream())));
      }
      server.run(
          new RunSpec(
              plan, HeInitialiser.initialise(plan.model().layout(), 1), RunSpec.Patience.DEFAULTS));
    }

    private final class Listener implements RunListener {
      private long started;

      @Override
      public void roundStarted(String run, int round, int attempt, int asked) {
        started = System.nanoTime();
      }

      @Override
      public void roundCommitted(String run, Checkpoint checkpoint) {
        long computed = 1_000_000L * checkpoint.summary().phases().total();
        rounds.add(new Times(started, System.nanoTime(), computed));
      }
    }

    /** Waits for a device to begin its second task. */
    Process begun() throws Exception {
      int[] tasks = new int[devices.size()];
      for (int i = 0; ; i = (i + 1) % devices.size()) {
        while (words.get(i).ready()) {
          words.get(i).readLine();
          tasks[i]++;
        }
        if (tasks[i] == 2) {
          return devices.get(i);
        }
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() throws IOException {
      devices.forEach(Process::destroyForcibly);
      server.close();
      data.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Plan plan(int most) {
    Layout layout = Layout.of(Tensor.f32("weights", Rule.MEAN, PARAMETERS));
    return new Plan(
        "round",
        new Plan.Data(0, 0, DEVICES),
        new Plan.Model(layout, Optional.empty()),
        new Plan.Train(1, 0, 0, 0, UpdateEncoding.WEIGHTS, Plan.Numerics.ANY, Map.of()),
        new FedAvg(16, 65_536),
        new Plan.Rounds(most, DEVICES, DEVICES, 0, 600_000, 10_000, Optional.empty(), 0),
        new Plan.Evaluate(Optional.empty(), 1),
        new Plan.Seeds(1));
  }
}
