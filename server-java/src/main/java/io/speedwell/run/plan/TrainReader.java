package io.speedwell.run.plan;

import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.ConfigBlob;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the section train of a plan. */
final class TrainReader {
  private static final long MOST_UNSIGNED = 0xFFFF_FFFFL;

  private final Problems problems;

  TrainReader(Problems problems) {
    this.problems = problems;
  }

  Plan.Train read(Section section) {
    int epochs = (int) section.integer(PlanKeys.EPOCHS);
    int steps = (int) section.integer(PlanKeys.MAX_STEPS);
    int examples = (int) section.integer(PlanKeys.MAX_EXAMPLES_USED);
    int ms = section.duration(PlanKeys.MAX_TIME);
    if (epochs == 0 && steps == 0 && examples == 0 && ms == 0) {
      section.problem(
          PlanKeys.EPOCHS, "0 needs another limit: max_steps, max_examples or max_time");
    }
    return new Plan.Train(
        epochs,
        steps,
        examples,
        ms,
        section.choice(PlanKeys.ENCODING, UpdateEncoding.class),
        section.choice(PlanKeys.NUMERICS, Plan.Numerics.class),
        config(section));
  }

  private Map<String, ConfigBlob.Value> config(Section train) {
    Map<String, ConfigBlob.Value> config = new LinkedHashMap<>();
    if (train.has(PlanKeys.BATCH)) {
      config.put(PlanKeys.BATCH.name(), new ConfigBlob.U32(train.integer(PlanKeys.BATCH)));
    }
    if (train.has(PlanKeys.LR)) {
      config.put(PlanKeys.LR.name(), new ConfigBlob.F32((float) train.number(PlanKeys.LR)));
    }
    for (Map.Entry<String, Node> entry : train.free(PlanKeys.CONFIG).entries().entrySet()) {
      String path = PlanKeys.CONFIG.path() + "." + entry.getKey();
      if (config.containsKey(entry.getKey())) {
        problems.add(entry.getValue(), path, "train.%s says it already", entry.getKey());
      } else if (entry.getValue() instanceof ScalarNode scalar && !Section.isNull(scalar)) {
        config.put(entry.getKey(), value(scalar, path));
      } else {
        problems.add(entry.getValue(), path, "a number, true, false or a text is needed");
      }
    }
    try {
      ConfigBlob.encode(config);
    } catch (IllegalArgumentException e) {
      train.problem(PlanKeys.CONFIG, "%s", e.getMessage());
    }
    return Collections.unmodifiableMap(config);
  }

  /** Plain words by their form: 8 is a u32, 8.0 an f32, true a bool; the rest is text. */
  private ConfigBlob.Value value(ScalarNode scalar, String path) {
    String text = scalar.getValue();
    if (!scalar.isPlain()) {
      return new ConfigBlob.Text(text);
    }
    if (Section.INTEGER.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number < 0 || number > MOST_UNSIGNED) {
        problems.add(scalar, path, "whole numbers are 0..4,294,967,295; write %s.0", text);
      }
      return new ConfigBlob.U32(number & MOST_UNSIGNED);
    }
    if (Section.NUMBER.matcher(text).matches()) {
      float number = Float.parseFloat(text);
      if (!Float.isFinite(number)) {
        problems.add(scalar, path, "%s is beyond binary32", text);
      }
      return new ConfigBlob.F32(number);
    }
    if (text.equals("true") || text.equals("false")) {
      return new ConfigBlob.Bool(text.equals("true"));
    }
    return new ConfigBlob.Text(text);
  }
}
