package io.speedwell.run.plan;

import io.speedwell.aggregate.FedAvg;
import io.speedwell.aggregate.Strategy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads plans. Everything that is wrong is found in one go, with file, line and key. */
public final class PlanReader {
  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_DEPTH = 32;

  private enum StrategyName {
    FEDAVG
  }

  private final Problems problems;
  private final Path folder;

  private PlanReader(String file, Path folder) {
    this.problems = new Problems(file);
    this.folder = folder;
  }

  /**
   * Reads a file. A relative path in it counts from the file's folder.
   *
   * @throws PlanException when it is no valid plan
   * @throws IOException when it cannot be read
   */
  public static Plan read(Path file) throws IOException, PlanException {
    String name = file.getFileName().toString();
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("%s: larger than a plan may be (16 MB)".formatted(file));
    }
    try {
      return read(Files.readString(file), name, file.toAbsolutePath().getParent());
    } catch (CharacterCodingException e) {
      throw new IOException("%s: not UTF-8".formatted(file), e);
    }
  }

  /**
   * Reads a text.
   *
   * @param file its name in messages
   * @param folder where relative paths in it count from
   * @throws PlanException when it is no valid plan
   */
  public static Plan read(String text, String file, Path folder) throws PlanException {
    return new PlanReader(file, folder).plan(text);
  }

  private Plan plan(String text) throws PlanException {
    Section top = Section.of(problems, root(text), "", "");
    String name = top.text(PlanKeys.NAME).orElse("");
    if (!name.matches("[A-Za-z0-9._-]*")) {
      top.problem(PlanKeys.NAME, "letters, digits, '.', '_' and '-' are allowed, not \"%s\"", name);
    }
    Plan.Data data = data(top.section(PlanKeys.DATA));
    Optional<Plan.Model> model = new ModelReader(problems, folder).read(top, data);
    Plan.Train train = new TrainReader(problems).read(top.section(PlanKeys.TRAIN));
    Strategy strategy = strategy(top.section(PlanKeys.STRATEGY));
    Plan.Rounds rounds = rounds(top.section(PlanKeys.ROUNDS), data);
    Plan.Evaluate evaluate = evaluate(top.section(PlanKeys.EVALUATE), rounds);
    Section seeds = top.section(PlanKeys.SEEDS);
    Plan.Seeds seed = new Plan.Seeds(seeds.integer(PlanKeys.RUN_SEED));
    problems.throwIfAny();
    return new Plan(name, data, model.orElseThrow(), train, strategy, rounds, evaluate, seed);
  }

  private Node root(String text) throws PlanException {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_BYTES).build();
    try {
      checkDepth(settings, text);
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isPresent()) {
        return root.get();
      }
      problems.add(0, "", "the file is empty");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      problems.add(line, "", "%s", "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(0, "", "%s", "not YAML: " + e.getMessage());
    }
    problems.throwIfAny();
    throw new AssertionError("a problem was added");
  }

  /** The composer recurses into what is nested, so that is bounded first. */
  private void checkDepth(LoadSettings settings, String text) throws PlanException {
    int depth = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        problems.add(line, "", "nested deeper than %d levels; no plan is", MAX_DEPTH);
        problems.throwIfAny();
      }
    }
  }

  private static Plan.Data data(Section section) {
    return new Plan.Data(
        (int) section.integer(PlanKeys.FEATURES),
        (int) section.integer(PlanKeys.CLASSES),
        (int) section.integer(PlanKeys.DEVICES));
  }

  private static Strategy strategy(Section section) {
    section.choice(PlanKeys.STRATEGY_NAME, StrategyName.class);
    return new FedAvg(
        (float) section.number(PlanKeys.RANGE), (int) section.integer(PlanKeys.MAX_EXAMPLES));
  }

  private Plan.Rounds rounds(Section section, Plan.Data data) {
    int before = problems.size();
    int goal = (int) section.integer(PlanKeys.GOAL);
    int minimum = section.has(PlanKeys.MINIMUM) ? (int) section.integer(PlanKeys.MINIMUM) : goal;
    int over = (int) section.integer(PlanKeys.OVER_SELECTION);
    int deadline = section.duration(PlanKeys.DEADLINE);
    int wrapUp = section.has(PlanKeys.WRAP_UP) ? section.duration(PlanKeys.WRAP_UP) : deadline / 6;
    Plan.Rounds rounds =
        new Plan.Rounds(
            (int) section.integer(PlanKeys.COUNT),
            goal,
            minimum,
            over,
            deadline,
            wrapUp,
            target(section),
            section.duration(PlanKeys.TIME));
    if (problems.size() == before) {
      check(section, rounds, data.devices());
    }
    return rounds;
  }

  private static void check(Section section, Plan.Rounds rounds, int devices) {
    int goal = rounds.goal();
    int over = rounds.overSelection();
    if (rounds.minimum() > goal) {
      section.problem(PlanKeys.MINIMUM, "%d is above rounds.goal (%d)", rounds.minimum(), goal);
    }
    if (devices > 0 && goal > devices) {
      section.problem(PlanKeys.GOAL, "%d is above data.devices (%d)", goal, devices);
    } else if (devices > 0 && (long) goal + over > devices) {
      section.problem(
          PlanKeys.OVER_SELECTION,
          "%d beyond rounds.goal (%d) is above data.devices (%d)",
          over,
          goal,
          devices);
    }
    if (rounds.wrapUpMs() >= rounds.deadlineMs()) {
      section.problem(
          PlanKeys.WRAP_UP,
          "%s is not below rounds.deadline (%s)",
          Durations.format(rounds.wrapUpMs()),
          Durations.format(rounds.deadlineMs()));
    }
  }

  private static Optional<Plan.Target> target(Section rounds) {
    if (!rounds.has(PlanKeys.TARGET)) {
      return Optional.empty();
    }
    Section section = rounds.section(PlanKeys.TARGET);
    boolean atLeast = section.has(PlanKeys.AT_LEAST);
    if (atLeast == section.has(PlanKeys.AT_MOST)) {
      rounds.problem(PlanKeys.TARGET, "either at_least or at_most is needed");
    }
    double value = section.number(atLeast ? PlanKeys.AT_LEAST : PlanKeys.AT_MOST);
    String metric = section.text(PlanKeys.METRIC).orElse(PlanKeys.METRIC.fallback());
    return Optional.of(new Plan.Target(metric, value, atLeast));
  }

  private static Plan.Evaluate evaluate(Section section, Plan.Rounds rounds) {
    Optional<String> device = section.text(PlanKeys.EVALUATOR);
    if (device.isPresent() && !device.get().matches("[!-~]*")) {
      section.problem(PlanKeys.EVALUATOR, "a device id is printable ASCII without space");
    }
    if (device.isEmpty() && rounds.target().isPresent()) {
      section.problem(PlanKeys.EVALUATOR, "is required, because rounds.target is stated");
    }
    return new Plan.Evaluate(device, (int) section.integer(PlanKeys.EVERY));
  }
}
