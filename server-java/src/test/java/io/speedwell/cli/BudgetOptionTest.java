package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.run.HeapNeed;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** How much memory updates get when nobody says. */
class BudgetOptionTest {
  private static final long MB = 1 << 20;

  private static BudgetOption parsed(String... arguments) {
    BudgetOption option = new BudgetOption();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("budget", of(option)))
        .parseArgs(arguments);
    return option;
  }

  private static CommandLine.Model.CommandSpec of(BudgetOption option) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(option);
  }

  @Test
  void whatIsGivenCounts() {
    assertThat(parsed("--budget", "7M").size(64 * MB, List.of()).bytes()).isEqualTo(7 * MB);
  }

  @Test
  void aLargeHeapGivesTheUsualAndASmallOneWhatFits() throws Exception {
    assertThat(parsed().size(4096 * MB, List.of())).hasToString("256M");
    long heap = HeapNeed.SERVER + 100 * MB;
    assertThat(parsed().size(heap, List.of())).hasToString("50M");
    Plan plan =
        PlanReader.read(
            """
            name: tiny
            model: {tensors: [{name: w, shape: [1000000]}]}
            rounds: {goal: 1, count: 1, deadline: 60s}
            """,
            "plan",
            Path.of("."));
    long left = 100 * MB - HeapNeed.of(plan);
    assertThat(parsed().size(heap, List.of(plan)).bytes()).isBetween(left / 2 - MB, left / 2);
    assertThat(parsed().size(MB, List.of()).bytes()).as("never none").isEqualTo(MB);
  }
}
