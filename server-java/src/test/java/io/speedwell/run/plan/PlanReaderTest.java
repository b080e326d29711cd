package io.speedwell.run.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.speedwell.aggregate.FedAvg;
import io.speedwell.model.Rule;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.ConfigBlob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanReaderTest {
  private static final String DIGITS =
      """
      name: digits
      data: {features: 64, classes: 10, devices: 10}
      model:
        tensors:
          - {name: dense1.weight, shape: [32, 64]}
          - {name: dense1.bias, shape: [32], rule: mean}
          - name: dense2.weight
            shape: [10, 32]
          - {name: head, shape: [10], rule: local}
          - {name: dense2.bias, shape: [10], rule: frozen}
        initial: first/model.npz
      train:
        epochs: 2
        batch: 8
        lr: 0.2
        max_time: 2m
        encoding: delta
        config: {momentum: 0.9, warm: 3, shuffle: true, kind: 'plain', note: "7 \\" \\\\ é"}
      strategy: {name: fedavg, range: 0.5, max_examples: 1000}
      rounds:
        count: 30
        goal: 8
        minimum: 6
        over_selection: 2
        deadline: 60s
        wrap_up: 1500ms
        target: {metric: loss, at_most: 0.25}
        time: 1h
      evaluate: {device: heldout, every: 2}
      seeds: {run: 7}
      """;

  private static final String SMALLEST =
      """
      name: small
      model:
        tensors:
          - {name: w, shape: [3]}
      rounds: {goal: 2}
      """;

  private static Plan read(String text) throws PlanException {
    return PlanReader.read(text, "plan.yaml", Path.of("/plans"));
  }

  private static List<String> problems(String text) {
    PlanException thrown = catchThrowableOfType(PlanException.class, () -> read(text));
    assertThat(thrown).as("the plan is refused").isNotNull();
    return thrown.problems().stream().map(Object::toString).toList();
  }

  @Test
  void readsEveryKey() throws PlanException {
    Plan plan = read(DIGITS);
    assertThat(plan.name()).isEqualTo("digits");
    assertThat(plan.data()).isEqualTo(new Plan.Data(64, 10, 10));
    assertThat(plan.model().layout().parameterCount()).isEqualTo(32 * 64 + 32 + 320 + 10);
    assertThat(plan.model().layout().tensors().get(3).rule()).isEqualTo(Rule.LOCAL);
    assertThat(plan.model().initial()).contains(Path.of("/plans/first/model.npz"));
    assertThat(plan.train().maxMs()).isEqualTo(120_000);
    assertThat(plan.train().encoding()).isEqualTo(UpdateEncoding.DELTA);
    assertThat(plan.train().config())
        .containsExactly(
            entry("batch", new ConfigBlob.U32(8)),
            entry("lr", new ConfigBlob.F32(0.2f)),
            entry("momentum", new ConfigBlob.F32(0.9f)),
            entry("warm", new ConfigBlob.U32(3)),
            entry("shuffle", new ConfigBlob.Bool(true)),
            entry("kind", new ConfigBlob.Text("plain")),
            entry("note", new ConfigBlob.Text("7 \" \\ é")));
    assertThat(ConfigBlob.decode(plan.train().configBlob())).isEqualTo(plan.train().config());
    assertThat(plan.strategy()).isEqualTo(new FedAvg(0.5f, 1000));
    assertThat(plan.rounds().maxUpdates()).isEqualTo(10);
    assertThat(plan.rounds().deadlineMs()).isEqualTo(60_000);
    assertThat(plan.rounds().wrapUpMs()).isEqualTo(1_500);
    assertThat(plan.rounds().timeMs()).isEqualTo(3_600_000);
    assertThat(plan.rounds().target().orElseThrow().reached(0.3)).isFalse();
    assertThat(plan.rounds().target().orElseThrow().reached(0.2)).isTrue();
    assertThat(plan.evaluate().device()).contains("heldout");
    assertThat(plan.seeds().run()).isEqualTo(7);
  }

  @Test
  void fillsInDefaults() throws PlanException {
    Plan plan = read(SMALLEST);
    assertThat(plan.train().epochs()).isEqualTo(1);
    assertThat(plan.train().config()).isEmpty();
    assertThat(plan.train().configBlob()).isEmpty();
    assertThat(plan.strategy()).isEqualTo(new FedAvg(16, 65_536));
    assertThat(plan.rounds().minimum()).isEqualTo(2);
    assertThat(plan.rounds().wrapUpMs()).isEqualTo(10_000);
    assertThat(plan.rounds().target()).isEmpty();
    assertThat(plan.evaluate().device()).isEmpty();
    assertThat(plan.model().initial()).isEmpty();
  }

  @Test
  void theResolvedPlanIsTheSamePlan() throws PlanException {
    for (String text : List.of(DIGITS, SMALLEST)) {
      Plan plan = read(text);
      assertThat(read(plan.resolved())).isEqualTo(plan);
      assertThat(read(plan.resolved()).resolved()).isEqualTo(plan.resolved());
    }
  }

  @Test
  void readsFilesAndSaysWhichOneIsWrong(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("fleet.yaml");
    Files.writeString(file, DIGITS);
    assertThat(PlanReader.read(file).model().initial())
        .contains(folder.toAbsolutePath().resolve("first/model.npz"));
    Files.writeString(file, DIGITS.replace("goal: 8", "gaol: 8"));
    PlanException thrown = catchThrowableOfType(PlanException.class, () -> PlanReader.read(file));
    assertThat(thrown).hasMessageContaining("fleet.yaml:22: rounds.gaol: unknown key");
  }

  @Test
  void findsEverythingThatIsWrongAtOnce() {
    assertThat(
            problems(
                DIGITS
                    .replace("minimum: 6", "minimum: 12")
                    .replace("epochs: 2", "epoch: 2")
                    .replace("lr: 0.2", "lr: fast")
                    .replace("encoding: delta", "encoding: deltas")
                    .replace("run: 7", "run: [7]")))
        .containsExactly(
            "plan.yaml:13: train.epoch: unknown key; did you mean epochs?",
            "plan.yaml:15: train.lr: a number, like 0.1 is needed, not \"fast\"",
            "plan.yaml:17: train.encoding: one of weights, delta (delta?) is needed, not"
                + " \"deltas\"",
            "plan.yaml:23: rounds.minimum: 12 is above rounds.goal (8)",
            "plan.yaml:30: seeds.run: a value is needed, not a list");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "goal: 8           | goal: 11            | :22: rounds.goal: 11 is above data.devices (10)",
        "over_selection: 2 | over_selection: 3   | :24: rounds.over_selection: 3 beyond rounds.goal"
            + " (8) is above data.devices (10)",
        "goal: 8           | goal: 8.5           | :22: rounds.goal: a whole number, like 10 is"
            + " needed, not \"8.5\"",
        "goal: 8           | goal: 0             | :22: rounds.goal: 0 is out of range,"
            + " 1..1,000,000 is allowed",
        "goal: 8           | goal:               | :22: rounds.goal: a value is needed, not"
            + " nothing",
        "deadline: 60s     | deadline: 60        | :25: rounds.deadline: a duration, like 500ms,"
            + " 60s, 2m or 1h is needed, not \"60\"",
        "deadline: 60s     | deadline: 1s        | :26: rounds.wrap_up: 1500ms is not below"
            + " rounds.deadline (1s)",
        "time: 1h          | time: 1000h         | :28: rounds.time: 1000h is out of range,"
            + " 1ms..2147483647ms is allowed",
        "name: digits      | name: my digits     | :1: name: letters, digits, '.', '_' and '-' are"
            + " allowed, not \"my digits\"",
        "name: digits      | Name: digits        | :1: Name: unknown key; did you mean name?",
        "name: digits      | deadline: 3s        | :1: deadline: unknown key here; rounds.deadline"
            + " is known",
        "name: digits      | quux: 3             | :1: quux: unknown key; known here: name, data,"
            + " model,",
        "name: digits      | seeds: {}           | :30: seeds: the key stands here a second time",
        "features: 64      | features: 65        | :2: data.features: 65, but tensor dense1.weight"
            + " has 64 columns",
        "classes: 10       | classes: 11         | :2: data.classes: 11, but tensor dense2.bias has"
            + " 10 rows",
        "[32, 64]          | [32, 0]             | :5: model.tensors[0]: tensor dense1.weight:"
            + " dimension 0, at least 1 is needed",
        "[32, 64]          | [32, x]             | :5: model.tensors[0].shape: dimensions are whole"
            + " numbers",
        "[32, 64]          | 32                  | :5: model.tensors[0].shape: a list is needed,"
            + " not \"32\"",
        "[32, 64]          | [1, 1, 1, 1, 1]     | :5: model.tensors[0].shape: 5 entries, 1..4 are"
            + " allowed",
        "shape: [32, 64]   | dims: [32, 64]      | :5: model.tensors[0].shape: is required",
        "name: head        | name: dense1.bias   | :5: model.tensors: tensor dense1.bias: the name"
            + " occurs twice",
        "rule: frozen      | rule: froze         | :10: model.tensors[4].rule: one of mean, sum,"
            + " local, frozen (frozen?) is needed",
        "model.npz         | model.pt            | :11: model.initial: he or the path of a"
            + " .safetensors or .npz file",
        "momentum: 0.9     | lr: 0.9             | :18: train.config.lr: train.lr says it already",
        "momentum: 0.9     | momentum: [1]       | :18: train.config.momentum: a number, true,"
            + " false or a text is needed",
        "momentum: 0.9     | momentum: 1e99      | :18: train.config.momentum: 1e99 is beyond"
            + " binary32",
        "warm: 3           | warm: -3            | :18: train.config.warm: whole numbers are"
            + " 0..4,294,967,295; write -3.0",
        "fedavg            | krum                | :19: strategy.name: one of fedavg is needed, not"
            + " \"krum\"",
        "at_most: 0.25     | below: 0.25         | :27: rounds.target: either at_least or at_most"
            + " is needed",
        "device: heldout   | device: held out    | :29: evaluate.device: a device id is printable"
            + " ASCII without space",
        "device: heldout,  |                     | :29: evaluate.device: is required, because"
            + " rounds.target is stated",
        "epochs: 2         | epochs: {a: 1}      | :13: train.epochs: a value is needed, not a"
            + " section",
      })
  void namesFileLineAndKey(String replaced, String by, String expected) {
    String text = DIGITS.replace(replaced, by == null ? "" : by);
    assertThat(text).isNotEqualTo(DIGITS);
    assertThat(problems(text)).anySatisfy(p -> assertThat(p).contains("plan.yaml" + expected));
  }

  @Test
  void refusesWhatIsNoPlanAtAll() {
    assertThat(problems("")).containsExactly("plan.yaml: the file is empty");
    assertThat(problems("just a word").get(0)).contains("a section (key: value) is needed");
    assertThat(problems("name: x\nrounds: {goal: 1").get(0)).startsWith("plan.yaml:2: not YAML: ");
    assertThat(problems("name:\n " + "[".repeat(100_000)))
        .containsExactly("plan.yaml:2: nested deeper than 32 levels; no plan is");
    assertThat(problems("a: &x [*x]\nname: *x\nmodel: &m {model: *m, tensors: *m}"))
        .contains("plan.yaml:3: model.tensors: a list is needed, not a section");
    assertThat(problems("name: x"))
        .contains(
            "plan.yaml:1: model.tensors: is required", "plan.yaml:1: rounds.goal: is required");
    assertThat(problems(SMALLEST + "train: {epochs: 0}\n"))
        .containsExactly(
            "plan.yaml:6: train.epochs: 0 needs another limit: max_steps, max_examples or"
                + " max_time");
  }

  @Test
  void identityIsWhatShapesTheLearning() throws PlanException {
    String identity = read(DIGITS).identity();
    for (String[] change :
        new String[][] {
          {"count: 30", "count: 60"},
          {"time: 1h", "time: 2h"},
          {"at_most: 0.25", "at_most: 0.2"},
          {"model.npz", "other.npz"}
        }) {
      assertThat(read(DIGITS.replace(change[0], change[1])).identity()).isEqualTo(identity);
    }
    for (String[] change :
        new String[][] {
          {"name: digits", "name: d"}, {"lr: 0.2", "lr: 0.3"}, {"run: 7", "run: 8"},
          {"range: 0.5", "range: 1"}, {"goal: 8", "goal: 7"}, {"rule: frozen", "rule: sum"}
        }) {
      assertThat(read(DIGITS.replace(change[0], change[1])).identity()).isNotEqualTo(identity);
    }
  }

  @Test
  void runIdsAreStableAndDiffer() throws PlanException {
    Plan plan = read(DIGITS);
    Plan other = read(DIGITS.replace("run: 7", "run: 8"));
    assertThat(plan.runId(5)).isEqualTo(read(DIGITS).runId(5)).isNotZero();
    assertThat(plan.runId(5)).isNotEqualTo(plan.runId(6)).isNotEqualTo(other.runId(5));
  }
}
