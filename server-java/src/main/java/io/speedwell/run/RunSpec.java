package io.speedwell.run;

import io.speedwell.model.Parameters;
import io.speedwell.round.RoundRules;
import io.speedwell.run.plan.Plan;

/**
 * A plan made ready to run: its files are read, the initial model is known. Immutable.
 *
 * @param plan what is learned and by which rules
 * @param initial the model of round 0; its layout is the plan's
 * @param patience what the plan leaves to the server
 */
public record RunSpec(Plan plan, Parameters initial, Patience patience) {

  /**
   * How long a run waits for devices, in milliseconds.
   *
   * @param gatheringMs the first round waits so long for the whole fleet the plan states, then
   *     begins with the minimum
   * @param graceMs a lost device that nobody can replace may come back for so long before the round
   *     ends without it
   */
  public record Patience(long gatheringMs, long graceMs) {
    public static final Patience DEFAULTS = new Patience(30_000, 3_000);
  }

  /**
   * The rules of a round.
   *
   * @param gathered whether the whole fleet was waited for before
   */
  RoundRules rules(boolean gathered) {
    Plan.Rounds r = plan.rounds();
    int pool = gathered ? 0 : plan.data().devices();
    long selectingMs = gathered ? 0 : patience.gatheringMs();
    return new RoundRules(
        r.goal(),
        r.minimum(),
        r.overSelection(),
        pool,
        selectingMs,
        r.deadlineMs(),
        r.wrapUpMs(),
        patience.graceMs());
  }
}
