package io.speedwell.run;

import io.speedwell.aggregate.Strategy;
import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.Numerics;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.TaskKind;
import io.speedwell.run.plan.Plan;
import io.speedwell.session.Blob;
import io.speedwell.session.RunTerms;
import io.speedwell.session.TaskKey;
import io.speedwell.session.TaskOrder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Makes what a run offers to devices: its terms, its models, its tasks. Immutable. */
final class Offers {
  private static final int PLAIN = 0;
  private static final int USUAL_SPLIT = 0;
  private static final int ONLY_PHASE = 0;

  private final Plan plan;
  private final RunTerms terms;

  Offers(Plan plan, long runId) {
    this.plan = plan;
    Layout layout = plan.model().layout();
    Strategy strategy = plan.strategy();
    boolean evaluates = plan.evaluate().device().isPresent();
    List<Blob> blobs = new ArrayList<>();
    blobs.add(constant(Role.ROLE_LAYOUT_VALUE, layout.toBlob()));
    byte[] config = plan.train().configBlob();
    if (config.length > 0) {
      blobs.add(constant(Role.ROLE_CONFIG_VALUE, config));
    }
    this.terms =
        new RunTerms(
            runId,
            layout.parameterCount(),
            layout.updateCount(),
            plan.train().encoding(),
            1 << TaskKind.TASK_KIND_TRAIN_VALUE
                | (evaluates ? 1 << TaskKind.TASK_KIND_EVALUATE_VALUE : 0),
            0,
            numerics(plan.train().numerics()),
            strategy.maxExamples(),
            strategy.range(),
            blobs);
  }

  private static int numerics(Plan.Numerics required) {
    return switch (required) {
      case ANY -> Numerics.NUMERICS_ANY_VALUE;
      case IEEE -> Numerics.NUMERICS_IEEE_VALUE;
      case FTZ -> Numerics.NUMERICS_FTZ_VALUE;
    };
  }

  private static Blob constant(int role, byte[] bytes) {
    int crc = BlobChecksum.ofConstant(role, PLAIN, bytes.length).update(bytes).value();
    return new Blob(role, PLAIN, crc, ByteBuffer.wrap(bytes));
  }

  RunTerms terms() {
    return terms;
  }

  /**
   * The bytes of a model, in memory that links send from without a copy; shared by all its offers.
   */
  static ByteBuffer bytes(Parameters model) {
    ByteBuffer blob = model.toBlob();
    return ByteBuffer.allocateDirect(blob.remaining()).put(blob).flip();
  }

  /** A model as the blob of tasks of this round. */
  Blob model(ByteBuffer bytes, int round) {
    int role = Role.ROLE_PARAMETERS_VALUE;
    int crc =
        new BlobChecksum(role, PLAIN, terms.runId(), round, 0, bytes.remaining())
            .update(bytes.duplicate())
            .value();
    return new Blob(role, PLAIN, crc, bytes);
  }

  TaskOrder train(Blob model, float[] base, int round, int attempt, String device) {
    Plan.Train train = plan.train();
    int kind = TaskKind.TASK_KIND_TRAIN_VALUE;
    return new TaskOrder(
        key(kind, round, attempt, device),
        terms,
        kind,
        Seeds.task(plan.seeds().run(), kind, round, device),
        train.epochs(),
        train.maxSteps(),
        train.maxExamples(),
        train.maxMs(),
        USUAL_SPLIT,
        ONLY_PHASE,
        List.of(model),
        base);
  }

  TaskOrder evaluate(Blob model, int round, String device) {
    int kind = TaskKind.TASK_KIND_EVALUATE_VALUE;
    return new TaskOrder(
        key(kind, round, 1, device),
        terms,
        kind,
        Seeds.task(plan.seeds().run(), kind, round, device),
        0,
        0,
        0,
        0,
        USUAL_SPLIT,
        ONLY_PHASE,
        List.of(model),
        null);
  }

  private TaskKey key(int kind, int round, int attempt, String device) {
    int number = Seeds.taskNumber(plan.seeds().run(), kind, round, device);
    return new TaskKey(terms.runId(), round, number, attempt);
  }
}
