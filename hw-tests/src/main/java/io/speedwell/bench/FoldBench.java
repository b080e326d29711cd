package io.speedwell.bench;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.aggregate.Contribution;
import io.speedwell.aggregate.FedAvg;
import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Folds 100 updates of 1,000,000 values, decoded already, exactly and, in the same run, with a
 * plain float loop whose result depends on the order. Prints medians and their ratio.
 *
 * <p>Arguments: threads (default 2). Each element is read by one thread, range by range, so that a
 * part of the sum stays in its cache while all updates are added to it; both loops do so.
 */
public final class FoldBench {
  private static final int COUNT = 1_000_000;
  private static final int UPDATES = 100;
  private static final int RANGE =
      16_384; // elements a worker folds before it takes the next update
  private static final int REPEATS = 15;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private FoldBench() {}

  /** Prints one line. */
  public static void main(String[] arguments) throws Exception {
    int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
    Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, COUNT));
    Random random = new Random(1);
    float[] values = new float[COUNT];
    Parameters base = Parameters.of(layout, values);
    float[][] updates = new float[UPDATES][COUNT];
    for (float[] update : updates) {
      for (int i = 0; i < COUNT; i++) {
        update[i] = (float) random.nextGaussian();
      }
    }
    FedAvg strategy = new FedAvg(16, 65_536);
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Time> plain = new ArrayList<>();
      Map<UpdateEncoding, List<Time>> exact = new EnumMap<>(UpdateEncoding.class);
      for (int i = 0; i < REPEATS; i++) {
        float[] sum = new float[COUNT];
        plain.add(time(workers, threads, (from, to) -> plain(sum, updates, from, to)));
        for (UpdateEncoding encoding : UpdateEncoding.values()) {
          Accumulator open = strategy.open(base, strategy.initialState(), UPDATES);
          Contribution[] counted = new Contribution[UPDATES];
          for (int k = 0; k < UPDATES; k++) {
            counted[k] = new Contribution(updates[k], encoding, 100 + k, 100, 1, 1);
            open.count(counted[k]);
          }
          exact
              .computeIfAbsent(encoding, key -> new ArrayList<>())
              .add(time(workers, threads, (from, to) -> exact(open, counted, from, to)));
        }
      }
      Time floats = median(plain);
      System.out.printf(
          "100 x 1M, %d thread(s): plain float loop %.1f ms, processor %.1f ms%n",
          threads, floats.passed(), floats.processor());
      exact.forEach(
          (encoding, times) -> {
            Time time = median(times);
            System.out.printf(
                "  exact, %s: %.1f ms (%.2f), processor %.1f ms (%.2f)%n",
                encoding.name().toLowerCase(Locale.ROOT),
                time.passed(),
                time.passed() / floats.passed(),
                time.processor(),
                time.processor() / floats.processor());
          });
    } finally {
      workers.shutdown();
    }
  }

  private interface Work {
    void fold(int from, int to);
  }

  /** Milliseconds: on the clock, and of all threads together. */
  private record Time(double passed, double processor) {}

  private static Time time(ExecutorService workers, int threads, Work work) throws Exception {
    long start = System.nanoTime();
    List<Future<Long>> parts = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int from = start(t, threads);
      int to = start(t + 1, threads);
      parts.add(workers.submit(() -> fold(work, from, to)));
    }
    long processor = 0;
    for (Future<Long> part : parts) {
      processor += part.get();
    }
    return new Time((System.nanoTime() - start) / 1e6, processor / 1e6);
  }

  private static long fold(Work work, int from, int to) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int at = from; at < to; at += RANGE) {
      work.fold(at, Math.min(to, at + RANGE));
    }
    return THREADS.getCurrentThreadCpuTime() - start;
  }

  /** Where a thread's part begins: whole blocks. */
  private static int start(int thread, int threads) {
    int blocks = COUNT / Accumulator.BLOCK;
    return thread == threads ? COUNT : blocks * thread / threads * Accumulator.BLOCK;
  }

  private static void plain(float[] sum, float[][] updates, int from, int to) {
    for (int k = 0; k < updates.length; k++) {
      axpy(sum, updates[k], 100 + k, from, to);
    }
  }

  private static void axpy(float[] sum, float[] update, float weight, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += weight * update[i];
    }
  }

  private static void exact(Accumulator sum, Contribution[] updates, int from, int to) {
    for (Contribution update : updates) {
      sum.fold(update, from, to);
    }
  }

  private static Time median(List<Time> times) {
    return new Time(
        times.stream().mapToDouble(Time::passed).sorted().toArray()[times.size() / 2],
        times.stream().mapToDouble(Time::processor).sorted().toArray()[times.size() / 2]);
  }
}
