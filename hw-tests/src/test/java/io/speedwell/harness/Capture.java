package io.speedwell.harness;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.aggregate.Contribution;
import io.speedwell.aggregate.FedAvg;
import io.speedwell.aggregate.Strategy;
import io.speedwell.model.Parameters;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Federated averaging that keeps a copy of every update as it arrived. Safe to read from another
 * thread.
 */
final class Capture implements Strategy {
  private final Strategy strategy = new FedAvg(16, 65_536);
  final List<float[]> arrived = new CopyOnWriteArrayList<>();

  @Override
  public String name() {
    return strategy.name();
  }

  @Override
  public float range() {
    return strategy.range();
  }

  @Override
  public int maxExamples() {
    return strategy.maxExamples();
  }

  @Override
  public byte[] initialState() {
    return strategy.initialState();
  }

  @Override
  public Accumulator open(Parameters base, byte[] state, int maxUpdates) {
    Accumulator sum = strategy.open(base, state, maxUpdates);
    return new Accumulator() {
      @Override
      public void count(Contribution contribution) {
        arrived.add(contribution.values().clone());
        sum.count(contribution);
      }

      @Override
      public void fold(Contribution contribution, int from, int to) {
        sum.fold(contribution, from, to);
      }

      @Override
      public void merge(Accumulator other) {
        sum.merge(other);
      }

      @Override
      public int updates() {
        return sum.updates();
      }

      @Override
      public long examples() {
        return sum.examples();
      }

      @Override
      public Outcome finish() {
        return sum.finish();
      }
    };
  }
}
