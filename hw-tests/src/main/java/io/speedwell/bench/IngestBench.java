package io.speedwell.bench;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.speedwell.aggregate.FedAvg;
import io.speedwell.cli.FleetServer;
import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.model.HeInitialiser;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import io.speedwell.simulate.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What receiving costs: processor time of this process for each gigabyte of updates of 1,000,000
 * values, received over TCP by one event loop, checked and folded by the production server, against
 * a server that reads and discards and one that does the least with them ({@link BareReceiver}); in
 * turns, in the same run. The senders are another process, paced at 1 GB/s, then as fast as they
 * can.
 */
public final class IngestBench {
  static final int COUNT = 1_000_000;
  static final int DEVICES = 64;
  private static final int TURNS_TO_COMPILE = 3;
  private static final int TURNS = 5;

  private IngestBench() {}

  /** What a turn came to; processor time in seconds for each GB, of all and of some threads. */
  private record Turn(double processor, double loop, double fold, double gbPerSecond) {}

  /** Prints the figures. Arguments: weights or delta (default). */
  public static void main(String[] arguments) throws Exception {
    UpdateEncoding encoding =
        arguments.length > 0 && arguments[0].equals("weights")
            ? UpdateEncoding.WEIGHTS
            : UpdateEncoding.DELTA;
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    long budget = DEVICES * 4L * COUNT * 2;
    try (FleetServer server =
        FleetServer.start(
            new FleetServer.Settings(
                any, false, ConnectionLimits.DEFAULTS, budget, Long.MAX_VALUE, 1, 1, Duration.ZERO),
            new MemoryStore(),
            RunListener.NONE)) {
      Channel discarding = BareReceiver.discarding(group, any);
      Channel summing = BareReceiver.summing(group, any);
      server.run(spec(encoding));
      for (int turn = 0; turn < TURNS_TO_COMPILE; turn++) {
        turn((InetSocketAddress) discarding.localAddress(), "discard", 0);
        turn((InetSocketAddress) summing.localAddress(), "discard", 0);
        turn(server.address(), encoding.name(), 0);
      }
      for (int gbPerSecond : new int[] {1, 0}) {
        List<Turn> discarded = new ArrayList<>();
        List<Turn> summed = new ArrayList<>();
        List<Turn> folded = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
          discarded.add(
              turn((InetSocketAddress) discarding.localAddress(), "discard", gbPerSecond));
          summed.add(turn((InetSocketAddress) summing.localAddress(), "discard", gbPerSecond));
          folded.add(turn(server.address(), encoding.name(), gbPerSecond));
        }
        print(gbPerSecond, discarded, summed, folded);
      }
    } finally {
      group.shutdownGracefully();
    }
  }

  private static RunSpec spec(UpdateEncoding encoding) {
    Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, COUNT));
    Plan plan =
        new Plan(
            "ingest",
            new Plan.Data(0, 0, DEVICES),
            new Plan.Model(layout, Optional.empty()),
            new Plan.Train(1, 0, 0, 0, encoding, Plan.Numerics.ANY, Map.of()),
            new FedAvg(16, 65_536),
            new Plan.Rounds(10_000, DEVICES, DEVICES, 0, 600_000, 1_000, Optional.empty(), 0),
            new Plan.Evaluate(Optional.empty(), 1),
            new Plan.Seeds(1));
    return new RunSpec(plan, HeInitialiser.initialise(layout, 1), RunSpec.Patience.DEFAULTS);
  }

  /** Lets a sender process warm up, then measures between its marks. */
  private static Turn turn(InetSocketAddress to, String what, int gbPerSecond) throws Exception {
    Process sender =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                IngestSender.class.getName(),
                Integer.toString(to.getPort()),
                what,
                Integer.toString(gbPerSecond))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader marks =
        new BufferedReader(new InputStreamReader(sender.getInputStream()))) {
      expect(marks.readLine(), "begin");
      Turn before = used();
      long start = System.nanoTime();
      String end = marks.readLine();
      double seconds = (System.nanoTime() - start) / 1e9;
      Turn after = used();
      expect(end, "end");
      double gb = Double.parseDouble(end.split(" ")[1]) / 1e9;
      return new Turn(
          (after.processor - before.processor) / gb,
          (after.loop - before.loop) / gb,
          (after.fold - before.fold) / gb,
          gb / seconds);
    } finally {
      sender.destroy();
      sender.waitFor();
    }
  }

  private static void expect(String mark, String wanted) throws IOException {
    if (mark == null || !mark.startsWith(wanted)) {
      throw new IOException("the sender said " + mark + " instead of " + wanted);
    }
  }

  /** Processor time of this process up to now, in seconds. */
  private static Turn used() {
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Turn(process.getProcessCpuTime() / 1e9, used("gateway"), used("fold"), 0);
  }

  private static double used(String threads) {
    ThreadMXBean all = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith(threads))
            .mapToLong(thread -> all.getThreadCpuTime(thread.getId()))
            .sum()
        / 1e9;
  }

  private static void print(
      int gbPerSecond, List<Turn> discarded, List<Turn> summed, List<Turn> folded) {
    System.out.printf(
        "%s:%n  discard %.3f s/GB at %.2f GB/s%n  the least %.3f s/GB at %.2f GB/s%n"
            + "  receive, check, fold %.3f s/GB (event loop %.3f, fold worker %.3f)"
            + " at %.2f GB/s%n  to discarding: %s; to the least: %s; the least to discarding: %s%n",
        gbPerSecond == 0 ? "unpaced" : "paced at " + gbPerSecond + " GB/s",
        median(discarded, Turn::processor),
        median(discarded, Turn::gbPerSecond),
        median(summed, Turn::processor),
        median(summed, Turn::gbPerSecond),
        median(folded, Turn::processor),
        median(folded, Turn::loop),
        median(folded, Turn::fold),
        median(folded, Turn::gbPerSecond),
        ratio(folded, discarded),
        ratio(folded, summed),
        ratio(summed, discarded));
  }

  /** Median, least and most of the ratios of the turns. */
  private static String ratio(List<Turn> of, List<Turn> to) {
    double[] ratios = new double[TURNS];
    for (int i = 0; i < TURNS; i++) {
      ratios[i] = of.get(i).processor / to.get(i).processor;
    }
    Arrays.sort(ratios);
    return "%.2f (%.2f..%.2f)".formatted(ratios[TURNS / 2], ratios[0], ratios[TURNS - 1]);
  }

  private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
    return turns.stream().mapToDouble(figure).sorted().toArray()[TURNS / 2];
  }
}
