package io.speedwell.simulate;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.CommittedRound;
import io.speedwell.run.CountedUpdate;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A store that forgets everything with the process; for tests and simulations. It has no clock:
 * what it says of times is 0. One thread at a time.
 */
public final class MemoryStore implements RunStore {
  private record Row(int generation, Checkpoint checkpoint, boolean rolledBack) {
    Row after(int round) {
      return new Row(generation, checkpoint, rolledBack || checkpoint.round() > round);
    }
  }

  private final Map<String, List<Row>> rows = new HashMap<>();
  private final Map<String, List<Evaluation>> evaluations = new HashMap<>();
  private final Map<String, Integer> generations = new HashMap<>();

  @Override
  public Optional<Checkpoint> latest(String run) {
    return standing(run).reduce((earlier, later) -> later);
  }

  @Override
  public Optional<Checkpoint> checkpoint(String run, int round) {
    return standing(run).filter(known -> known.round() == round).findAny();
  }

  @Override
  public List<String> names() {
    return rows.keySet().stream().sorted().toList();
  }

  @Override
  public void commit(Checkpoint checkpoint) {
    String run = checkpoint.run();
    if (standing(run).noneMatch(known -> known.round() == checkpoint.round())) {
      rows.computeIfAbsent(run, name -> new ArrayList<>())
          .add(new Row(generation(run), checkpoint, false));
    }
  }

  @Override
  public void rollBack(String run, int round) throws StoreException {
    if (standing(run).noneMatch(known -> known.round() == round)) {
      throw new StoreException("run %s stands on no round %d".formatted(run, round), null);
    }
    rows.get(run).replaceAll(row -> row.after(round));
    evaluations.getOrDefault(run, new ArrayList<>()).removeIf(known -> known.round() > round);
    generations.merge(run, 1, Integer::sum);
  }

  @Override
  public int generation(String run) {
    return generations.getOrDefault(run, 0);
  }

  @Override
  public void record(String run, Evaluation evaluation) {
    evaluations.computeIfAbsent(run, name -> new ArrayList<>()).add(evaluation);
  }

  @Override
  public List<RoundSummary> rounds(String run) {
    return standing(run).map(Checkpoint::summary).toList();
  }

  @Override
  public List<CommittedRound> history(String run) {
    return rows.getOrDefault(run, List.of()).stream()
        .map(
            row ->
                new CommittedRound(
                    row.generation(),
                    row.checkpoint().summary(),
                    0,
                    row.rolledBack() ? OptionalLong.of(0) : OptionalLong.empty(),
                    true,
                    ""))
        .toList();
  }

  @Override
  public List<CountedUpdate> counted(String run, int round) {
    return standing(run)
        .filter(checkpoint -> checkpoint.round() == round)
        .flatMap(checkpoint -> checkpoint.counted().stream())
        .sorted(Comparator.comparing(CountedUpdate::device))
        .toList();
  }

  @Override
  public List<Evaluation> evaluations(String run) {
    return List.copyOf(evaluations.getOrDefault(run, List.of()));
  }

  /** What the run stands on, ascending. */
  private Stream<Checkpoint> standing(String run) {
    return rows.getOrDefault(run, List.of()).stream()
        .filter(row -> !row.rolledBack())
        .map(Row::checkpoint);
  }
}
