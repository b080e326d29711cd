package io.speedwell.simulate;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.CountedUpdate;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store that forgets everything with the process; for tests and simulations. One thread at a
 * time.
 */
public final class MemoryStore implements RunStore {
  private final Map<String, List<Checkpoint>> checkpoints = new HashMap<>();
  private final Map<String, List<Evaluation>> evaluations = new HashMap<>();

  @Override
  public Optional<Checkpoint> latest(String run) {
    List<Checkpoint> all = checkpoints.getOrDefault(run, List.of());
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  @Override
  public void commit(Checkpoint checkpoint) {
    List<Checkpoint> all = checkpoints.computeIfAbsent(checkpoint.run(), run -> new ArrayList<>());
    if (all.stream().noneMatch(known -> known.round() == checkpoint.round())) {
      all.add(checkpoint);
    }
  }

  @Override
  public void record(String run, Evaluation evaluation) {
    evaluations.computeIfAbsent(run, name -> new ArrayList<>()).add(evaluation);
  }

  @Override
  public List<RoundSummary> rounds(String run) {
    return checkpoints.getOrDefault(run, List.of()).stream().map(Checkpoint::summary).toList();
  }

  @Override
  public List<CountedUpdate> counted(String run, int round) {
    return checkpoints.getOrDefault(run, List.of()).stream()
        .filter(checkpoint -> checkpoint.round() == round)
        .flatMap(checkpoint -> checkpoint.counted().stream())
        .sorted(Comparator.comparing(CountedUpdate::device))
        .toList();
  }

  @Override
  public List<Evaluation> evaluations(String run) {
    return List.copyOf(evaluations.getOrDefault(run, List.of()));
  }
}
