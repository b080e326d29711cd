package io.speedwell.run.plan;

import io.speedwell.run.plan.Key.Type;
import java.util.List;

/** Every key of a plan: the one table that reader, messages and docs/plan.md go by. */
final class PlanKeys {
  private static final double MOST = Integer.MAX_VALUE;

  static final Key NAME = new Key("name", Type.TEXT, Key.REQUIRED, 1, 64);

  static final Key DATA = section("data");
  static final Key FEATURES = integer("data.features", Key.NONE, 1, MOST);
  static final Key CLASSES = integer("data.classes", Key.NONE, 1, MOST);
  static final Key DEVICES = integer("data.devices", Key.NONE, 1, 1_000_000);

  static final Key MODEL = section("model");
  static final Key TENSORS = new Key("model.tensors", Type.LIST, Key.REQUIRED, 1, 65_535);
  static final Key TENSOR_NAME = new Key("model.tensors[].name", Type.TEXT, Key.REQUIRED, 1, 64);
  static final Key TENSOR_SHAPE = new Key("model.tensors[].shape", Type.LIST, Key.REQUIRED, 1, 4);
  static final Key TENSOR_RULE = new Key("model.tensors[].rule", Type.CHOICE, "mean", 0, 0);
  static final Key INITIAL = new Key("model.initial", Type.TEXT, "he", 1, 4_096);

  static final Key TRAIN = section("train");
  static final Key EPOCHS = integer("train.epochs", "1", 0, 1_000_000);
  static final Key BATCH = integer("train.batch", Key.NONE, 1, MOST);
  static final Key LR = new Key("train.lr", Type.NUMBER, Key.NONE, 1e-9, 1_000);
  static final Key MAX_STEPS = integer("train.max_steps", "0", 0, MOST);
  static final Key MAX_EXAMPLES_USED = integer("train.max_examples", "0", 0, MOST);
  static final Key MAX_TIME = duration("train.max_time", Key.NONE, 1);
  static final Key ENCODING = new Key("train.encoding", Type.CHOICE, "weights", 0, 0);
  static final Key NUMERICS = new Key("train.numerics", Type.CHOICE, "any", 0, 0);
  static final Key CONFIG = section("train.config");

  static final Key STRATEGY = section("strategy");
  static final Key STRATEGY_NAME = new Key("strategy.name", Type.CHOICE, "fedavg", 0, 0);
  static final Key RANGE = new Key("strategy.range", Type.NUMBER, "16", 1e-6, 1e9);
  static final Key MAX_EXAMPLES = integer("strategy.max_examples", "65536", 1, MOST);

  static final Key ROUNDS = section("rounds");
  static final Key COUNT = integer("rounds.count", "30", 1, 1_000_000);
  static final Key GOAL = integer("rounds.goal", Key.REQUIRED, 1, 1_000_000);
  static final Key MINIMUM = integer("rounds.minimum", "rounds.goal", 1, 1_000_000);
  static final Key OVER_SELECTION = integer("rounds.over_selection", "0", 0, 1_000_000);
  static final Key DEADLINE = duration("rounds.deadline", "60s", 100);
  static final Key WRAP_UP = duration("rounds.wrap_up", "a sixth of rounds.deadline", 1);
  static final Key TARGET = section("rounds.target");
  static final Key METRIC = new Key("rounds.target.metric", Type.TEXT, "accuracy", 1, 32);
  static final Key AT_LEAST = new Key("rounds.target.at_least", Type.NUMBER, Key.NONE, -1e9, 1e9);
  static final Key AT_MOST = new Key("rounds.target.at_most", Type.NUMBER, Key.NONE, -1e9, 1e9);
  static final Key TIME = duration("rounds.time", Key.NONE, 1);

  static final Key EVALUATE = section("evaluate");
  static final Key EVALUATOR = new Key("evaluate.device", Type.TEXT, Key.NONE, 1, 32);
  static final Key EVERY = integer("evaluate.every", "1", 1, 1_000_000);

  static final Key SEEDS = section("seeds");
  static final Key RUN_SEED = integer("seeds.run", "1", 0, (double) (1L << 53));

  /** All of them, in the order of docs and of the resolved plan. */
  static final List<Key> ALL =
      List.of(
          NAME,
          DATA,
          FEATURES,
          CLASSES,
          DEVICES,
          MODEL,
          TENSORS,
          TENSOR_NAME,
          TENSOR_SHAPE,
          TENSOR_RULE,
          INITIAL,
          TRAIN,
          EPOCHS,
          BATCH,
          LR,
          MAX_STEPS,
          MAX_EXAMPLES_USED,
          MAX_TIME,
          ENCODING,
          NUMERICS,
          CONFIG,
          STRATEGY,
          STRATEGY_NAME,
          RANGE,
          MAX_EXAMPLES,
          ROUNDS,
          COUNT,
          GOAL,
          MINIMUM,
          OVER_SELECTION,
          DEADLINE,
          WRAP_UP,
          TARGET,
          METRIC,
          AT_LEAST,
          AT_MOST,
          TIME,
          EVALUATE,
          EVALUATOR,
          EVERY,
          SEEDS,
          RUN_SEED);

  private PlanKeys() {}

  private static Key section(String path) {
    return new Key(path, Type.SECTION, Key.NONE, 0, 0);
  }

  private static Key integer(String path, String fallback, double min, double max) {
    return new Key(path, Type.INTEGER, fallback, min, max);
  }

  private static Key duration(String path, String fallback, double min) {
    return new Key(path, Type.DURATION, fallback, min, MOST);
  }
}
