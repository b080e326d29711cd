package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.aggregate.Contribution;
import io.speedwell.model.Parameters;
import io.speedwell.model.file.SafeTensorsReader;
import io.speedwell.protocol.Result;
import io.speedwell.run.CountedUpdate;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunStore;
import io.speedwell.run.plan.Plan;
import io.speedwell.store.DataFolder;
import io.speedwell.store.StoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds a server's data folder against what its devices sent and heard: every committed model is
 * the fold, done once more here, of exactly the updates that its row names; every one of these
 * counted once; and what a device heard to be committed is there. It remembers where it stood.
 */
final class Audit {
  private final Plan plan;
  private final UpdateLedger ledger;
  private final StoreSettings settings;
  private Parameters model; // of the round audited last; null: none yet
  private int round;
  private final Set<UpdateLedger.Part> counted = new HashSet<>();

  Audit(Plan plan, UpdateLedger ledger) {
    this(plan, ledger, StoreSettings.DEFAULTS);
  }

  /**
   * @param settings of the store, which keeps every model
   */
  Audit(Plan plan, UpdateLedger ledger, StoreSettings settings) {
    this.plan = plan;
    this.ledger = ledger;
    this.settings = settings;
  }

  /** The newest committed round audited. */
  int round() {
    return round;
  }

  /** Audits the rounds committed since the last time, in a folder that no server has open. */
  void check(Path data) throws Exception {
    assertThat(ledger.defect()).isNull();
    Set<UpdateLedger.Part> heard = ledger.heardCommitted();
    try (DataFolder folder = DataFolder.open(data, settings)) {
      RunStore store = folder.runs();
      String run = plan.name();
      long runId = store.latest(run).orElseThrow().runId();
      List<RoundSummary> rounds = store.rounds(run);
      assertThat(rounds).as("nothing committed is lost").hasSizeGreaterThan(round);
      Map<Integer, Path> files = checkpoints(data, run);
      assertThat(files.keySet()).as("checkpoints").hasSize(rounds.size());
      if (model == null) {
        model = read(files.get(0));
      }
      for (int next = round + 1; next < rounds.size(); next++) {
        RoundSummary row = rounds.get(next);
        assertThat(row.round()).as("rounds follow each other").isEqualTo(next);
        Set<UpdateLedger.Key> keys = keys(runId, next, store.counted(run, next));
        assertThat(keys).as("updates of round " + next).hasSize(row.devices());
        keys.forEach(k -> counted.add(new UpdateLedger.Part(k.runId(), k.round(), k.device())));
        model = fold(keys);
        assertThat(read(files.get(next)).values())
            .as("the model of round %d is the fold of %s", next, keys)
            .containsExactly(model.values());
      }
      assertThat(counted)
          .as("what devices heard to be committed is there")
          .containsAll(heard.stream().filter(part -> part.runId() == runId).toList());
      round = rounds.size() - 1;
      ledger.forget(runId, round);
    }
  }

  private static Set<UpdateLedger.Key> keys(long runId, int round, List<CountedUpdate> updates) {
    Set<UpdateLedger.Key> keys = new HashSet<>();
    Set<String> devices = new HashSet<>();
    for (CountedUpdate u : updates) {
      keys.add(new UpdateLedger.Key(runId, round, u.device(), u.task(), u.attempt(), u.updateId()));
      assertThat(devices.add(u.device())).as("round %d counts %s once", round, u.device()).isTrue();
    }
    return keys;
  }

  private Parameters fold(Set<UpdateLedger.Key> keys) {
    Accumulator sum =
        plan.strategy().open(model, plan.strategy().initialState(), plan.rounds().goal());
    for (UpdateLedger.Key key : keys) {
      UpdateLedger.Copy copy =
          ledger.copy(key).orElseThrow(() -> new AssertionError("nobody sent " + key));
      assertThat(copy.complete()).as("all of %s was sent", key).isTrue();
      Result offer = copy.offer();
      float[] values = new float[copy.bytes().length / Float.BYTES];
      ByteBuffer.wrap(copy.bytes()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      sum.fold(
          new Contribution(
              values,
              plan.train().encoding(),
              offer.getExamplesHeld(),
              offer.getExamplesUsed(),
              offer.getSteps(),
              offer.getWorkNorm()));
    }
    return sum.finish().model();
  }

  private Map<Integer, Path> checkpoints(Path data, String run) throws IOException {
    Map<Integer, Path> found = new HashMap<>();
    try (Stream<Path> files = Files.list(data.resolve("checkpoints"))) {
      for (Path file : files.toList()) {
        Map<String, String> about = SafeTensorsReader.read(file).metadata();
        if (about.get("speedwell.run").equals(run)) {
          found.put(Integer.valueOf(about.get("speedwell.round")), file);
        }
      }
    }
    return found;
  }

  private Parameters read(Path file) throws IOException {
    return SafeTensorsReader.read(file).loadAmongOthers(plan.model().layout());
  }
}
