package io.speedwell.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.aggregate.Contribution;
import io.speedwell.aggregate.FedAvg;
import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldPoolTest {

  @ParameterizedTest
  @CsvSource({"1,1", "3,10", "3,16384", "2,100003", "5,262144"})
  void comesToTheSameModelAsOneThread(int threads, int elements) throws Exception {
    Parameters base = base(elements);
    List<Contribution> updates = updates(elements);
    FedAvg strategy = new FedAvg(16, 65_536);

    Accumulator alone = strategy.open(base, strategy.initialState(), updates.size());
    updates.forEach(alone::fold);

    Accumulator sum = strategy.open(base, strategy.initialState(), updates.size());
    CountDownLatch folded = new CountDownLatch(updates.size());
    CompletableFuture<Accumulator.Outcome> outcome = new CompletableFuture<>();
    try (FoldPool pool = new FoldPool(threads)) {
      updates.forEach(update -> pool.fold(sum, update, folded::countDown));
      pool.finish(sum, outcome::complete);
      assertThat(outcome.get(30, TimeUnit.SECONDS).model()).isEqualTo(alone.finish().model());
      assertThat(folded.await(30, TimeUnit.SECONDS)).as("every update is given back").isTrue();
    }
  }

  private static Parameters base(int elements) {
    Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, elements));
    float[] values = new float[elements];
    Random random = new Random(1);
    for (int i = 0; i < elements; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return Parameters.of(layout, values);
  }

  private static List<Contribution> updates(int elements) {
    List<Contribution> updates = new ArrayList<>();
    Random random = new Random(2);
    for (int n = 1; n <= 7; n++) {
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = random.nextFloat() - 0.5f;
      }
      updates.add(new Contribution(values, UpdateEncoding.WEIGHTS, 10 * n, 10 * n, n, 0));
    }
    return updates;
  }
}
