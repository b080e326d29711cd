package io.speedwell.run.plan;

import io.speedwell.aggregate.Strategy;
import io.speedwell.model.Layout;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.ConfigBlob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run learns and by which rules, with every default filled in. Keys, units and ranges stand
 * in docs/plan.md; {@link PlanReader} checks them. Immutable.
 */
public record Plan(
    String name,
    Data data,
    Model model,
    Train train,
    Strategy strategy,
    Rounds rounds,
    Evaluate evaluate,
    Seeds seeds) {

  /**
   * What the fleet holds.
   *
   * @param features values of one example; 0: not stated
   * @param classes classes to tell apart; 0: not stated
   * @param devices devices that train; 0: not stated
   */
  public record Data(int features, int classes, int devices) {}

  /**
   * The model.
   *
   * @param layout its tensors
   * @param initial a safetensors or npz file with the first values; empty: He's initialisation
   */
  public record Model(Layout layout, Optional<Path> initial) {}

  /** Numerics class required of a device. */
  public enum Numerics {
    /** Whatever it has. */
    ANY,
    /** Subnormals kept. */
    IEEE,
    /** Subnormals flushed to zero. */
    FTZ
  }

  /**
   * How a device trains. Limits of 0 are none.
   *
   * @param epochs most passes over its examples
   * @param maxSteps most optimiser steps
   * @param maxExamples most examples used
   * @param maxMs most time, ms from the receipt of the task
   * @param encoding what updates hold
   * @param numerics what is required
   * @param config what the trainer reads by key, in order; batch and lr are among them when the
   *     plan states them
   */
  public record Train(
      int epochs,
      int maxSteps,
      int maxExamples,
      int maxMs,
      UpdateEncoding encoding,
      Numerics numerics,
      Map<String, ConfigBlob.Value> config) {
    /** The CONFIG blob of the protocol; empty when there is no key. */
    public byte[] configBlob() {
      return ConfigBlob.encode(config);
    }
  }

  /**
   * A figure at which the run is done.
   *
   * @param metric name of the evaluator's metric
   * @param value figure
   * @param atLeast true: reached from below; false: from above
   */
  public record Target(String metric, double value, boolean atLeast) {
    /** Whether a figure reaches the target. */
    public boolean reached(double figure) {
      return atLeast ? figure >= value : figure <= value;
    }
  }

  /**
   * The rounds.
   *
   * @param count most committed rounds
   * @param goal updates a round wants
   * @param minimum updates a round needs to be committed at its deadline
   * @param overSelection devices asked beyond the goal
   * @param deadlineMs time of a round, ms
   * @param wrapUpMs how long before the deadline devices are told to wrap up, ms; below deadlineMs
   * @param target figure that ends the run
   * @param timeMs time that ends the run, ms; 0: none
   */
  public record Rounds(
      int count,
      int goal,
      int minimum,
      int overSelection,
      int deadlineMs,
      int wrapUpMs,
      Optional<Target> target,
      int timeMs) {
    /** Most updates a round can count. */
    public int maxUpdates() {
      return goal + overSelection;
    }
  }

  /**
   * Who evaluates.
   *
   * @param device id of the device that holds the held-out examples; empty: nobody
   * @param every rounds from one evaluation to the next
   */
  public record Evaluate(Optional<String> device, int every) {}

  /**
   * Seeds.
   *
   * @param run the seed of everything random in the run: initial values, tasks, selection
   */
  public record Seeds(long run) {}

  /** The plan as YAML with every key; {@link PlanReader} reads it as an equal plan. */
  public String resolved() {
    return ResolvedPlan.write(this);
  }

  /**
   * SHA-256, hexadecimal, of all that shapes the learning: a run goes on only under a plan of the
   * same identity. When it stops (count, target, time) and where the first values came from may
   * change.
   */
  public String identity() {
    return Sha256.hex(String.join("\n", identityLines(resolved())));
  }

  /** The lines of a resolved plan that make its identity; for comparisons. */
  public static List<String> identityLines(String resolved) {
    return ResolvedPlan.identityLines(resolved);
  }

  /**
   * The id of a run of this plan: never 0, the same for the same salt. The salt, drawn when the run
   * begins and kept with it, tells runs of one plan apart.
   */
  public long runId(long salt) {
    for (int attempt = 0; ; attempt++) {
      long id = Sha256.first(name + '\n' + seeds.run + '\n' + salt + '\n' + attempt);
      if (id != 0) {
        return id;
      }
    }
  }
}
