package io.speedwell.aggregate;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Folds 100 updates of 1,000,000 values, decoded already, exactly and, in the same run, with a
 * plain float loop whose result depends on the order. Prints medians and their ratio.
 *
 * <p>Arguments: threads (default 1).
 */
public final class FoldBenchmark {
  private static final int COUNT = 1_000_000;
  private static final int UPDATES = 100;
  private static final int RANGE =
      16_384; // elements a worker folds before it takes the next update
  private static final int REPEATS = 15;

  private FoldBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
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
      double[] plain = new double[REPEATS];
      double[] delta = new double[REPEATS];
      double[] weights = new double[REPEATS];
      for (int i = 0; i < REPEATS; i++) {
        float[] sum = new float[COUNT];
        plain[i] = time(workers, threads, (from, to) -> plain(sum, updates, from, to));
        for (UpdateEncoding encoding : UpdateEncoding.values()) {
          Accumulator exact = strategy.open(base, strategy.initialState(), UPDATES);
          Contribution[] counted = new Contribution[UPDATES];
          for (int k = 0; k < UPDATES; k++) {
            counted[k] = new Contribution(updates[k], encoding, 100 + k, 100, 1, 1);
            exact.count(counted[k]);
          }
          double ms = time(workers, threads, (from, to) -> exact(exact, counted, from, to));
          (encoding == UpdateEncoding.DELTA ? delta : weights)[i] = ms;
        }
      }
      System.out.printf(
          "%d thread(s), 100 x 1M: plain float %.1f ms, exact delta %.1f ms (%.2f), exact weights"
              + " %.1f ms (%.2f)%n",
          threads,
          median(plain),
          median(delta),
          median(delta) / median(plain),
          median(weights),
          median(weights) / median(plain));
    } finally {
      workers.shutdown();
    }
  }

  private interface Work {
    void fold(int from, int to);
  }

  private static double time(ExecutorService workers, int threads, Work work) throws Exception {
    long start = System.nanoTime();
    Future<?>[] parts = new Future<?>[threads];
    for (int t = 0; t < threads; t++) {
      int from = (int) ((long) COUNT * t / threads);
      int to = (int) ((long) COUNT * (t + 1) / threads);
      parts[t] =
          workers.submit(
              () ->
                  IntStream.iterate(from, at -> at < to, at -> at + RANGE)
                      .forEach(at -> work.fold(at, Math.min(to, at + RANGE))));
    }
    for (Future<?> part : parts) {
      part.get();
    }
    return (System.nanoTime() - start) / 1e6;
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

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
