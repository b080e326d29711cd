package io.speedwell.store;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.CountedUpdate;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The rows of updates that committed rounds counted. */
final class CountedRows {
  private CountedRows() {}

  /** Belongs into the transaction that inserts the round. */
  static void insert(Handle handle, Checkpoint checkpoint) {
    if (checkpoint.counted().isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO counted_update (run_id, number, attempt, device, task, update_id)"
                + " VALUES (:run, :round, :attempt, :device, :task, :update)");
    for (CountedUpdate update : checkpoint.counted()) {
      batch
          .bind("run", checkpoint.runId())
          .bind("round", checkpoint.round())
          .bind("attempt", update.attempt())
          .bind("device", update.device())
          .bind("task", update.task())
          .bind("update", update.updateId())
          .add();
    }
    batch.execute();
  }

  static List<CountedUpdate> list(Handle handle, String run, int round) {
    return handle
        .createQuery(
            "SELECT u.device, u.task, u.attempt, u.update_id FROM counted_update u JOIN"
                + " committed_round r ON r.run_id = u.run_id AND r.number = u.number AND r.attempt"
                + " = u.attempt JOIN run ON run.id = u.run_id WHERE run.name = :run AND u.number ="
                + " :round AND r.rolled_back_at IS NULL ORDER BY u.device")
        .bind("run", run)
        .bind("round", round)
        .map(
            (row, context) ->
                new CountedUpdate(row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4)))
        .list();
  }
}
