package io.speedwell.store;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.StoreException;
import io.speedwell.session.Traffic;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of runs and their committed rounds. */
final class RunRows {
  /** The newest committed round of a run. */
  record Latest(long runId, String sha256, RoundSummary summary) {}

  private static final String COLUMNS =
      "number, attempt, devices, partial, examples, loss_before, loss_after, refused, lost,"
          + " selecting_ms, configuring_ms, collecting_ms, folding_ms, received_bytes, sent_bytes";

  private RunRows() {}

  static List<String> checkpoints(Handle handle) {
    return handle.createQuery("SELECT checkpoint FROM committed_round").mapTo(String.class).list();
  }

  static boolean contains(Handle handle, long runId, int round) {
    return handle
            .createQuery("SELECT COUNT(*) FROM committed_round WHERE run_id = :id AND number = :n")
            .bind("id", runId)
            .bind("n", round)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  static Optional<Latest> latest(Handle handle, String run) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + ", checkpoint, run_id FROM committed_round JOIN run ON run.id = run_id"
                + " WHERE run.name = :run ORDER BY number DESC LIMIT 1")
        .bind("run", run)
        .map(
            (row, context) ->
                new Latest(row.getLong("run_id"), row.getString("checkpoint"), summary(row)))
        .findOne();
  }

  static List<RoundSummary> rounds(Handle handle, String run) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM committed_round JOIN run ON run.id = run_id WHERE run.name = :run"
                + " ORDER BY number")
        .bind("run", run)
        .map((row, context) -> summary(row))
        .list();
  }

  /** Inserts the round, and the run with its first one. */
  static boolean insert(Handle handle, Checkpoint checkpoint, String sha256) throws StoreException {
    Optional<Long> known = runId(handle, checkpoint.run());
    if (known.isEmpty()) {
      handle
          .createUpdate("INSERT INTO run (id, name) VALUES (:id, :name)")
          .bind("id", checkpoint.runId())
          .bind("name", checkpoint.run())
          .execute();
    } else if (known.get() != checkpoint.runId()) {
      throw new StoreException(
          "run %s: the data folder holds another run of this name (id %016x, this one is %016x)"
              .formatted(checkpoint.run(), known.get(), checkpoint.runId()),
          null);
    }
    RoundSummary summary = checkpoint.summary();
    handle
        .createUpdate(
            "INSERT INTO committed_round (run_id, checkpoint, "
                + COLUMNS
                + ") VALUES (:runId, :checkpoint, :number, :attempt, :devices, :partial, :examples,"
                + " :lossBefore, :lossAfter, :refused, :lost, :selecting, :configuring,"
                + " :collecting, :folding, :received, :sent)")
        .bind("runId", checkpoint.runId())
        .bind("checkpoint", sha256)
        .bind("number", checkpoint.round())
        .bind("attempt", summary.attempt())
        .bind("devices", summary.devices())
        .bind("partial", summary.partial())
        .bind("examples", summary.examples())
        .bind("lossBefore", orNull(summary.lossBefore()))
        .bind("lossAfter", orNull(summary.lossAfter()))
        .bind("refused", summary.refused())
        .bind("lost", summary.lost())
        .bind("selecting", summary.phases().selecting())
        .bind("configuring", summary.phases().configuring())
        .bind("collecting", summary.phases().collecting())
        .bind("folding", summary.phases().folding())
        .bind("received", summary.traffic().received())
        .bind("sent", summary.traffic().sent())
        .execute();
    CountedRows.insert(handle, checkpoint);
    return true;
  }

  static Optional<Long> runId(Handle handle, String run) {
    return handle
        .createQuery("SELECT id FROM run WHERE name = :run")
        .bind("run", run)
        .mapTo(Long.class)
        .findOne();
  }

  private static RoundSummary summary(ResultSet row) throws SQLException {
    return new RoundSummary(
        row.getInt("number"),
        row.getInt("attempt"),
        row.getInt("devices"),
        row.getInt("partial"),
        row.getLong("examples"),
        orNan(row, "loss_before"),
        orNan(row, "loss_after"),
        row.getInt("refused"),
        row.getInt("lost"),
        new RoundSummary.Phases(
            row.getLong("selecting_ms"),
            row.getLong("configuring_ms"),
            row.getLong("collecting_ms"),
            row.getLong("folding_ms")),
        new Traffic(row.getLong("received_bytes"), row.getLong("sent_bytes")));
  }

  /** NaN stands for "not measured"; in SQL that is NULL. */
  private static Double orNull(double figure) {
    return Double.isNaN(figure) ? null : figure;
  }

  private static double orNan(ResultSet row, String column) throws SQLException {
    double figure = row.getDouble(column);
    return row.wasNull() ? Double.NaN : figure;
  }
}
