package io.speedwell.admin;

import io.speedwell.run.CommittedRound;
import java.util.List;
import java.util.OptionalLong;

/**
 * Every round a run ever committed, as JSON has it: from the admin port, and from the command line
 * where no server runs. Immutable.
 *
 * @param run its name
 * @param rounds by generation, then by round
 */
public record History(String run, List<Round> rounds) {

  /**
   * A committed round; times in milliseconds since 1970.
   *
   * @param generation how often the run had been rolled back before
   * @param devices updates counted
   * @param rolledBackAt null: the run stands on it
   * @param kept whether its model is
   * @param sha256 of its checkpoint file
   */
  public record Round(
      int generation,
      int round,
      int attempt,
      int devices,
      long committedAt,
      Long rolledBackAt,
      boolean kept,
      String sha256) {

    static Round of(CommittedRound round) {
      OptionalLong rolledBackAt = round.rolledBackAtMs();
      return new Round(
          round.generation(),
          round.summary().round(),
          round.summary().attempt(),
          round.summary().devices(),
          round.committedAtMs(),
          rolledBackAt.isPresent() ? Long.valueOf(rolledBackAt.getAsLong()) : null,
          round.kept(),
          round.sha256());
    }
  }

  public static History of(String run, List<CommittedRound> rounds) {
    return new History(run, rounds.stream().map(Round::of).toList());
  }
}
