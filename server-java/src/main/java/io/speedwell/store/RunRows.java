package io.speedwell.store;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.CommittedRound;
import io.speedwell.run.Generations;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.StoreException;
import io.speedwell.session.Traffic;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The rows of runs and their committed rounds. */
final class RunRows {
  /** A committed round of a run. */
  record Found(long runId, String sha256, RoundSummary summary) {}

  /** A run and how often it was rolled back. */
  record Known(long id, int generation) {}

  private static final String COLUMNS =
      "number, attempt, devices, partial, examples, loss_before, loss_after, refused, lost,"
          + " selecting_ms, configuring_ms, collecting_ms, folding_ms, received_bytes, sent_bytes";

  private static final String OF_RUN =
      " FROM committed_round JOIN run ON run.id = run_id WHERE run.name = :run";
  private static final String STANDING = " AND rolled_back_at IS NULL";
  private static final String FIND =
      "SELECT " + COLUMNS + ", checkpoint, run_id" + OF_RUN + STANDING;

  private RunRows() {}

  /** Hashes of the checkpoints that are kept. */
  static List<String> checkpoints(Handle handle) {
    return handle
        .createQuery("SELECT DISTINCT checkpoint FROM committed_round WHERE retired_at IS NULL")
        .mapTo(String.class)
        .list();
  }

  /** Whether there is any round of any run. */
  static boolean any(Handle handle) {
    return handle
        .createQuery("SELECT 1 FROM committed_round LIMIT 1")
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static boolean contains(Handle handle, long runId, int round) {
    return handle
            .createQuery(
                "SELECT COUNT(*) FROM committed_round WHERE run_id = :id AND number = :n"
                    + STANDING)
            .bind("id", runId)
            .bind("n", round)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  static Optional<Found> latest(Handle handle, String run) {
    return found(handle.createQuery(FIND + " ORDER BY number DESC LIMIT 1").bind("run", run));
  }

  static Optional<Found> find(Handle handle, String run, int round) {
    return found(
        handle
            .createQuery(FIND + " AND number = :n AND retired_at IS NULL")
            .bind("run", run)
            .bind("n", round));
  }

  private static Optional<Found> found(Query query) {
    return query
        .map(
            (row, context) ->
                new Found(row.getLong("run_id"), row.getString("checkpoint"), summary(row)))
        .findOne();
  }

  static List<String> names(Handle handle) {
    return handle.createQuery("SELECT name FROM run ORDER BY name").mapTo(String.class).list();
  }

  static List<RoundSummary> rounds(Handle handle, String run) {
    return handle
        .createQuery("SELECT " + COLUMNS + OF_RUN + STANDING + " ORDER BY number")
        .bind("run", run)
        .map((row, context) -> summary(row))
        .list();
  }

  static List<CommittedRound> history(Handle handle, String run) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + ", committed_round.generation, checkpoint, committed_at, rolled_back_at,"
                + " retired_at"
                + OF_RUN
                + " ORDER BY committed_round.generation, number")
        .bind("run", run)
        .map(
            (row, context) ->
                new CommittedRound(
                    row.getInt("generation"),
                    summary(row),
                    row.getTimestamp("committed_at").getTime(),
                    row.getTimestamp("rolled_back_at") == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(row.getTimestamp("rolled_back_at").getTime()),
                    row.getTimestamp("retired_at") == null,
                    row.getString("checkpoint")))
        .list();
  }

  /** Inserts the round, and the run with its first one. */
  static boolean insert(Handle handle, Checkpoint checkpoint, String sha256) throws StoreException {
    Optional<Known> known = find(handle, checkpoint.run());
    int generation = known.map(Known::generation).orElse(0);
    if (known.isEmpty()) {
      handle
          .createUpdate("INSERT INTO run (id, name) VALUES (:id, :name)")
          .bind("id", checkpoint.runId())
          .bind("name", checkpoint.run())
          .execute();
    } else if (known.get().id() != checkpoint.runId()) {
      throw new StoreException(
          "run %s: the data folder holds another run of this name (id %016x, this one is %016x)"
              .formatted(checkpoint.run(), known.get().id(), checkpoint.runId()),
          null);
    }
    RoundSummary summary = checkpoint.summary();
    if (checkpoint.round() > 0 && Generations.of(summary.attempt()) != generation) {
      throw new StoreException(
          "run %s: round %d was made before the run was rolled back; it does not count any more"
              .formatted(checkpoint.run(), checkpoint.round()),
          null);
    }
    handle
        .createUpdate(
            "INSERT INTO committed_round (run_id, generation, checkpoint, "
                + COLUMNS
                + ") VALUES (:runId, :generation, :checkpoint, :number, :attempt, :devices,"
                + " :partial, :examples, :lossBefore, :lossAfter, :refused, :lost, :selecting,"
                + " :configuring, :collecting, :folding, :received, :sent)")
        .bind("runId", checkpoint.runId())
        .bind("generation", generation)
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

  static Optional<Known> find(Handle handle, String run) {
    return handle
        .createQuery("SELECT id, generation FROM run WHERE name = :run")
        .bind("run", run)
        .map((row, context) -> new Known(row.getLong("id"), row.getInt("generation")))
        .findOne();
  }

  /** The hash of the checkpoint of a round that the run stands on; empty when it is not kept. */
  static Optional<String> kept(Handle handle, String run, int round) {
    return handle
        .createQuery(
            "SELECT checkpoint" + OF_RUN + STANDING + " AND number = :n AND retired_at IS NULL")
        .bind("run", run)
        .bind("n", round)
        .mapTo(String.class)
        .findOne();
  }

  /** The rounds that a run can be rolled back to. */
  static List<Integer> keptRounds(Handle handle, String run) {
    return handle
        .createQuery(
            "SELECT number" + OF_RUN + STANDING + " AND retired_at IS NULL ORDER BY number")
        .bind("run", run)
        .mapTo(Integer.class)
        .list();
  }

  /** Marks what comes after a round, and begins the next generation. */
  static boolean rollBack(Handle handle, String run, int round) {
    long id = find(handle, run).orElseThrow().id();
    handle
        .createUpdate(
            "UPDATE committed_round SET rolled_back_at = CURRENT_TIMESTAMP WHERE run_id = :id AND"
                + " number > :n"
                + STANDING)
        .bind("id", id)
        .bind("n", round)
        .execute();
    handle
        .createUpdate("UPDATE run SET generation = generation + 1 WHERE id = :id")
        .bind("id", id)
        .execute();
    return true;
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
