package io.speedwell.store;

import io.speedwell.run.Evaluation;
import io.speedwell.run.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The rows of evaluations and their metrics. */
final class EvaluationRows {
  private record Metric(int round, String name, double figure) {}

  /** The committed round that was evaluated. */
  record Place(long id, int generation) {}

  private static final String STANDING =
      " JOIN committed_round r ON r.run_id = e.run_id AND r.generation = e.generation"
          + " AND r.number = e.number JOIN run ON run.id = r.run_id"
          + " WHERE run.name = :run AND r.rolled_back_at IS NULL";

  private EvaluationRows() {}

  /** Writes an evaluation in the place of an earlier one of the same round. */
  static boolean replace(Handle handle, String run, Evaluation evaluation) throws StoreException {
    Place place = place(handle, run, evaluation.round());
    for (String table : List.of("evaluation_metric", "evaluation")) {
      handle
          .createUpdate(
              "DELETE FROM "
                  + table
                  + " WHERE run_id = :id AND generation = :generation AND number = :round")
          .bind("id", place.id())
          .bind("generation", place.generation())
          .bind("round", evaluation.round())
          .execute();
    }
    handle
        .createUpdate(
            "INSERT INTO evaluation (run_id, generation, number, devices, examples)"
                + " VALUES (:id, :generation, :round, :devices, :examples)")
        .bind("id", place.id())
        .bind("generation", place.generation())
        .bind("round", evaluation.round())
        .bind("devices", evaluation.devices())
        .bind("examples", evaluation.examples())
        .execute();
    for (Map.Entry<String, Double> metric : evaluation.metrics().entrySet()) {
      handle
          .createUpdate(
              "INSERT INTO evaluation_metric (run_id, generation, number, name, figure)"
                  + " VALUES (:id, :generation, :round, :name, :figure)")
          .bind("id", place.id())
          .bind("generation", place.generation())
          .bind("round", evaluation.round())
          .bind("name", metric.getKey())
          .bind("figure", metric.getValue())
          .execute();
    }
    return true;
  }

  private static Place place(Handle handle, String run, int round) throws StoreException {
    return handle
        .createQuery(
            "SELECT r.run_id, r.generation FROM committed_round r JOIN run ON run.id = r.run_id"
                + " WHERE run.name = :run AND r.number = :n AND r.rolled_back_at IS NULL")
        .bind("run", run)
        .bind("n", round)
        .map((row, context) -> new Place(row.getLong(1), row.getInt(2)))
        .findOne()
        .orElseThrow(
            () ->
                new StoreException(
                    "run %s: an evaluation of round %d, which is not committed"
                        .formatted(run, round),
                    null));
  }

  static List<Evaluation> list(Handle handle, String run) {
    Map<Integer, Map<String, Double>> metrics = new HashMap<>();
    handle
        .createQuery("SELECT e.number, e.name, e.figure FROM evaluation_metric e" + STANDING)
        .bind("run", run)
        .map((row, context) -> new Metric(row.getInt(1), row.getString(2), row.getDouble(3)))
        .forEach(
            metric ->
                metrics
                    .computeIfAbsent(metric.round(), round -> new HashMap<>())
                    .put(metric.name(), metric.figure()));
    return handle
        .createQuery(
            "SELECT e.number, e.devices, e.examples FROM evaluation e"
                + STANDING
                + " ORDER BY e.number")
        .bind("run", run)
        .map(
            (row, context) ->
                new Evaluation(
                    row.getInt(1),
                    row.getInt(2),
                    row.getLong(3),
                    metrics.getOrDefault(row.getInt(1), Map.of())))
        .list();
  }
}
