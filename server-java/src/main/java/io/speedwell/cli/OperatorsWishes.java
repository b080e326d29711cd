package io.speedwell.cli;

import io.speedwell.run.RunSpec;
import io.speedwell.run.StoreException;
import io.speedwell.run.Wish;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanException;
import io.speedwell.run.plan.PlanReader;
import io.speedwell.store.DataFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What an operator said of runs before the server was started again, as its folder has it. */
final class OperatorsWishes {
  private final DataFolder data;
  private final Path folder;

  /**
   * @param folder where {@code data} is
   */
  OperatorsWishes(DataFolder data, Path folder) {
    this.data = data;
    this.folder = folder;
  }

  /** What is wanted of a run; one of which nothing was said is to go on. */
  Wish of(String run) {
    try {
      return data.plans().wish(run).orElse(Wish.GO);
    } catch (StoreException e) {
      throw Data.problem(e);
    }
  }

  /**
   * Runs beside those of {@code --plan} that an operator wants to go on or to rest, those left out
   * whose rounds are all done.
   *
   * @param planned names of runs that are started anyway
   * @param problems hears, in sentences, of those that cannot be started
   */
  List<RunSpec> others(Set<String> planned, Consumer<String> problems) {
    List<RunSpec> runs = new ArrayList<>();
    try {
      for (Map.Entry<String, String> wanted : data.plans().wanted().entrySet()) {
        if (!planned.contains(wanted.getKey())) {
          add(runs, wanted.getKey(), wanted.getValue(), problems);
        }
      }
    } catch (StoreException e) {
      throw Data.problem(e);
    }
    return runs;
  }

  private void add(List<RunSpec> runs, String run, String yaml, Consumer<String> problems)
      throws StoreException {
    try {
      Plan plan = PlanReader.read(yaml, "plan of run " + run, folder.toAbsolutePath());
      if (data.runs().rounds(run).size() <= plan.rounds().count()) { // the initial model is one
        runs.add(RunSpecs.of(plan));
      }
    } catch (PlanException | UserError e) {
      problems.accept("run " + run + " does not go on: " + e.getMessage());
    }
  }
}
