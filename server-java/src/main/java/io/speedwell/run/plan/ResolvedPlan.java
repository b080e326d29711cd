package io.speedwell.run.plan;

import io.speedwell.model.Tensor;
import io.speedwell.protocol.ConfigBlob;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a plan as YAML, every key with its value, in the order of docs/plan.md. */
final class ResolvedPlan {
  private static final List<Key> FREE =
      List.of(
          PlanKeys.INITIAL,
          PlanKeys.COUNT,
          PlanKeys.TARGET,
          PlanKeys.METRIC,
          PlanKeys.AT_LEAST,
          PlanKeys.AT_MOST,
          PlanKeys.TIME);

  private final StringBuilder out = new StringBuilder();

  private ResolvedPlan() {}

  static String write(Plan plan) {
    ResolvedPlan writer = new ResolvedPlan();
    writer.plan(plan);
    return writer.out.toString();
  }

  /** All lines but those of keys that may change while a run goes on. */
  static List<String> identityLines(String resolved) {
    List<String> prefixes = FREE.stream().map(key -> indent(key) + key.name() + ":").toList();
    return resolved.lines().filter(line -> prefixes.stream().noneMatch(line::startsWith)).toList();
  }

  private void plan(Plan plan) {
    key(PlanKeys.NAME, plan.name());
    data(plan.data());
    model(plan.model());
    train(plan.train());
    section(PlanKeys.STRATEGY);
    key(PlanKeys.STRATEGY_NAME, plan.strategy().name());
    key(PlanKeys.RANGE, plan.strategy().range());
    key(PlanKeys.MAX_EXAMPLES, plan.strategy().maxExamples());
    rounds(plan.rounds());
    section(PlanKeys.EVALUATE);
    plan.evaluate().device().ifPresent(device -> key(PlanKeys.EVALUATOR, quoted(device)));
    key(PlanKeys.EVERY, plan.evaluate().every());
    section(PlanKeys.SEEDS);
    key(PlanKeys.RUN_SEED, plan.seeds().run());
  }

  private void data(Plan.Data data) {
    section(PlanKeys.DATA);
    stated(PlanKeys.FEATURES, data.features());
    stated(PlanKeys.CLASSES, data.classes());
    stated(PlanKeys.DEVICES, data.devices());
  }

  private void model(Plan.Model model) {
    section(PlanKeys.MODEL);
    section(PlanKeys.TENSORS);
    for (Tensor tensor : model.layout().tensors()) {
      out.append("    - {name: ").append(quoted(tensor.name()));
      out.append(", shape: ").append(tensor.shape());
      out.append(", rule: ").append(tensor.rule().name().toLowerCase(Locale.ROOT)).append("}\n");
    }
    String he = PlanKeys.INITIAL.fallback();
    key(PlanKeys.INITIAL, model.initial().map(path -> quoted(path.toString())).orElse(he));
  }

  private void train(Plan.Train train) {
    section(PlanKeys.TRAIN);
    key(PlanKeys.EPOCHS, train.epochs());
    for (Key key : List.of(PlanKeys.BATCH, PlanKeys.LR)) {
      if (train.config().containsKey(key.name())) {
        key(key, value(train.config().get(key.name())));
      }
    }
    key(PlanKeys.MAX_STEPS, train.maxSteps());
    key(PlanKeys.MAX_EXAMPLES_USED, train.maxExamples());
    duration(PlanKeys.MAX_TIME, train.maxMs());
    key(PlanKeys.ENCODING, train.encoding().name().toLowerCase(Locale.ROOT));
    key(PlanKeys.NUMERICS, train.numerics().name().toLowerCase(Locale.ROOT));
    section(PlanKeys.CONFIG);
    for (Map.Entry<String, ConfigBlob.Value> entry : train.config().entrySet()) {
      if (!entry.getKey().equals("batch") && !entry.getKey().equals("lr")) {
        out.append("    ").append(quoted(entry.getKey())).append(": ");
        out.append(value(entry.getValue())).append('\n');
      }
    }
  }

  private void rounds(Plan.Rounds rounds) {
    section(PlanKeys.ROUNDS);
    key(PlanKeys.COUNT, rounds.count());
    key(PlanKeys.GOAL, rounds.goal());
    key(PlanKeys.MINIMUM, rounds.minimum());
    key(PlanKeys.OVER_SELECTION, rounds.overSelection());
    duration(PlanKeys.DEADLINE, rounds.deadlineMs());
    duration(PlanKeys.WRAP_UP, rounds.wrapUpMs());
    rounds.target().ifPresent(this::target);
    duration(PlanKeys.TIME, rounds.timeMs());
  }

  private void target(Plan.Target target) {
    section(PlanKeys.TARGET);
    key(PlanKeys.METRIC, quoted(target.metric()));
    key(target.atLeast() ? PlanKeys.AT_LEAST : PlanKeys.AT_MOST, target.value());
  }

  private void section(Key key) {
    out.append(indent(key)).append(key.name()).append(":\n");
  }

  private void key(Key key, Object value) {
    out.append(indent(key)).append(key.name()).append(": ").append(value).append('\n');
  }

  private static String indent(Key key) {
    return "  ".repeat((int) key.path().chars().filter(c -> c == '.').count());
  }

  /** Keys whose absence says 0. */
  private void stated(Key key, int value) {
    if (value > 0) {
      key(key, value);
    }
  }

  private void duration(Key key, int ms) {
    if (ms > 0) {
      key(key, Durations.format(ms));
    }
  }

  private static String value(ConfigBlob.Value value) {
    if (value instanceof ConfigBlob.U32 whole) {
      return Long.toString(whole.value());
    }
    if (value instanceof ConfigBlob.F32 number) {
      return Float.toString(number.value());
    }
    if (value instanceof ConfigBlob.Bool flag) {
      return Boolean.toString(flag.value());
    }
    return quoted(((ConfigBlob.Text) value).value());
  }

  /** Double-quoted YAML, ASCII only. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format("\\u%04X", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
