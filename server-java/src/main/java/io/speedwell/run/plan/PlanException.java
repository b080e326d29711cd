package io.speedwell.run.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A plan that cannot be used, with everything that is wrong in it. */
public final class PlanException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * One thing that is wrong.
   *
   * @param file name of the plan's file
   * @param line from 1; 0: the file as a whole
   * @param key full name of the key; empty: none
   * @param message what is wrong and what would be right
   */
  public record Problem(String file, int line, String key, String message) {
    @Override
    public String toString() {
      return file
          + (line > 0 ? ":" + line : "")
          + ": "
          + (key.isEmpty() ? "" : key + ": ")
          + message;
    }
  }

  private final transient List<Problem> problems;

  PlanException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All problems, in the order of their lines; at least one. */
  public List<Problem> problems() {
    return problems;
  }
}
