package io.speedwell.run;

import io.speedwell.aggregate.Strategy;
import io.speedwell.model.Parameters;
import io.speedwell.model.SplitMix64;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.round.RoundRules;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A plan made ready to run: files read, layout and initial parameters known. Immutable.
 *
 * @param name the run's name; what the store knows it by
 * @param seed selection and the seeds of tasks follow from it
 * @param initial the model of round 0, with its layout
 * @param strategy how updates become the next model
 * @param encoding what the run wants updates in
 * @param config CONFIG blob for the trainers; empty: none
 * @param training limits of train tasks
 * @param rules of every round
 * @param stop when the run ends
 * @param evaluate who evaluates committed models; empty: nobody
 */
public record RunSpec(
    String name,
    long seed,
    Parameters initial,
    Strategy strategy,
    UpdateEncoding encoding,
    byte[] config,
    Limits training,
    RoundRules rules,
    Stop stop,
    Optional<Evaluate> evaluate) {

  /** Limits of a task; 0 is none. */
  public record Limits(int epochs, int steps, int examples, int maxMs) {}

  /**
   * When a run ends, whichever comes first.
   *
   * @param rounds number of committed rounds; 0: no limit
   * @param ms time since this server began the run; 0: no limit
   * @param target figure of an evaluation
   */
  public record Stop(int rounds, long ms, Optional<Target> target) {}

  /**
   * A figure to reach.
   *
   * @param metric name as the evaluators report it
   * @param value figure
   * @param atLeast true: reached at or above the value; false: at or below
   */
  public record Target(String metric, double value, boolean atLeast) {}

  /**
   * Who evaluates. A device that evaluates a run never trains it.
   *
   * @param devices ids; empty: every device that announces evaluate and not train
   * @param deadlineMs the run goes on without evaluators that have not answered by then
   * @param limits of evaluate tasks
   */
  public record Evaluate(Set<String> devices, long deadlineMs, Limits limits) {
    public Evaluate {
      devices = Set.copyOf(devices);
    }
  }

  /** The run's id on the wire: a mix of name and seed, never 0, the same after a restart. */
  public long runId() {
    long mixed = seed;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      mixed = new SplitMix64(mixed ^ (b & 0xFF)).next();
    }
    return mixed == 0 ? 1 : mixed;
  }
}
