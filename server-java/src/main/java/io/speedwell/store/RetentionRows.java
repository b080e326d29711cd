package io.speedwell.store;

import io.speedwell.store.Retention.Kept;
import java.util.List;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;

/** The rows of checkpoints that are kept, and the mark of those that are no longer. */
final class RetentionRows {
  private RetentionRows() {}

  /** The checkpoints of a run that are there, in the order in which they were committed. */
  static List<Kept> kept(Handle handle, String run, Retention rule) {
    return handle
        .createQuery(
            "SELECT r.generation, r.number, r.checkpoint, r.rolled_back_at, m.figure"
                + " FROM committed_round r JOIN run ON run.id = r.run_id"
                + " LEFT JOIN evaluation_metric m ON m.run_id = r.run_id"
                + " AND m.generation = r.generation AND m.number = r.number AND m.name = :metric"
                + " WHERE run.name = :run AND r.retired_at IS NULL"
                + " ORDER BY r.generation, r.number")
        .bind("run", run)
        .bind("metric", rule.best().map(Retention.Best::metric).orElse(""))
        .map(
            (row, context) -> {
              double value = row.getDouble("figure");
              OptionalDouble figure =
                  row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
              return new Kept(
                  row.getInt("generation"),
                  row.getInt("number"),
                  row.getString("checkpoint"),
                  row.getTimestamp("rolled_back_at") == null,
                  figure);
            })
        .list();
  }

  /** Marks checkpoints as no longer kept. */
  static boolean retire(Handle handle, String run, List<Kept> excess) {
    long id = RunRows.find(handle, run).orElseThrow().id();
    for (Kept row : excess) {
      handle
          .createUpdate(
              "UPDATE committed_round SET retired_at = CURRENT_TIMESTAMP"
                  + " WHERE run_id = :id AND generation = :generation AND number = :number")
          .bind("id", id)
          .bind("generation", row.generation())
          .bind("number", row.number())
          .execute();
    }
    return true;
  }
}
