package io.speedwell.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.run.StoreException;
import io.speedwell.run.Wish;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class PlanLedgerTest {
  private static final String TEXT =
      """
      name: a
      model: {tensors: [{name: w, shape: [3]}]}
      train: {lr: 0.1}
      rounds: {goal: 2, count: 5}
      """;

  @TempDir Path folder;
  @Parameter TestDatabase database;

  private static Plan plan(String text) throws Exception {
    return PlanReader.read(text, "plan.yaml", Path.of(""));
  }

  @Test
  void anotherPlanForTheSameRunIsTold() throws Exception {
    StoreSettings settings = new StoreSettings(database.fresh(), Retention.ALL);
    try (DataFolder data = DataFolder.open(folder, settings)) {
      data.plans().bind(plan(TEXT));
    }
    try (DataFolder data = DataFolder.open(folder, settings)) {
      data.plans().bind(plan(TEXT));
      data.plans().bind(plan(TEXT.replace("count: 5", "count: 50, time: 1h")));
      data.plans().bind(plan(TEXT.replace("name: a", "name: b").replace("lr: 0.1", "lr: 0.3")));
      Plan other = plan(TEXT.replace("lr: 0.1", "lr: 0.2"));
      assertThatThrownBy(() -> data.plans().bind(other))
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith("run a: the data folder holds a run of this name under another")
          .hasMessageContaining("it had \"lr: 0.1\" where this plan has \"lr: 0.2\"");
      data.plans().bind(plan(TEXT));
    }
  }

  @Test
  void theOperatorsLastWordOnARunIsKept() throws Exception {
    StoreSettings settings = new StoreSettings(database.fresh(), Retention.ALL);
    try (DataFolder data = DataFolder.open(folder, settings)) {
      for (String run : List.of("a", "b", "c", "d")) {
        data.plans().bind(plan(TEXT.replace("name: a", "name: " + run)));
      }
      data.plans().wish("a", Wish.STOP);
      data.plans().wish("b", Wish.STOP);
      data.plans().wish("b", Wish.PAUSE);
      data.plans().wish("c", Wish.GO);
    }
    try (DataFolder data = DataFolder.open(folder, settings)) {
      data.plans().bind(plan(TEXT));
      assertThat(data.plans().wish("a")).contains(Wish.STOP);
      assertThat(data.plans().wish("b")).contains(Wish.PAUSE);
      assertThat(data.plans().wish("c")).contains(Wish.GO);
      assertThat(data.plans().wish("d")).as("nothing was said").isEmpty();
      assertThat(data.plans().wish("e")).as("no such run").isEmpty();
      Map<String, String> wanted = data.plans().wanted();
      assertThat(wanted).containsOnlyKeys("b", "c");
      assertThat(plan(wanted.get("c")).identity())
          .isEqualTo(plan(TEXT.replace("name: a", "name: c")).identity());
    }
  }
}
