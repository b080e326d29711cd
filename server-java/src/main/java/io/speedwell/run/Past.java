package io.speedwell.run;

import io.speedwell.run.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * What the store says of a run at its start. Immutable.
 *
 * @param checkpoint from which it goes on
 * @param generation how often it was rolled back
 * @param lastEvaluation of that checkpoint's round, if it was measured
 */
record Past(Checkpoint checkpoint, int generation, Optional<Evaluation> lastEvaluation) {

  /**
   * Asks the store; a run it does not know begins with its initial model.
   *
   * @param freshId the id of the run, should it begin now
   */
  static Past of(RunStore store, RunSpec spec, long freshId) throws StoreException {
    String name = spec.plan().name();
    Optional<Checkpoint> found = store.latest(name);
    if (found.isPresent()) {
      List<Evaluation> evaluations = store.evaluations(name);
      return new Past(
          found.get(),
          store.generation(name),
          evaluations.stream().filter(e -> e.round() == found.get().round()).findAny());
    }
    Checkpoint first =
        new Checkpoint(
            freshId,
            name,
            0,
            spec.initial(),
            spec.plan().strategy().initialState(),
            RoundSummary.initial(),
            List.of());
    store.commit(first);
    return new Past(first, 0, Optional.empty());
  }

  /** Why a run of this plan cannot go on from there; empty: it can. */
  Optional<String> unfit(Plan plan) {
    return plan.model()
        .layout()
        .difference(checkpoint.parameters().layout())
        .map(
            difference ->
                "the data folder holds a run of this name with another model: "
                    + difference
                    + "; choose another name or another folder");
  }
}
