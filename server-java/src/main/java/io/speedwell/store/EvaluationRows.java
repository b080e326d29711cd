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

  private EvaluationRows() {}

  /** Writes an evaluation in the place of an earlier one of the same round. */
  static boolean replace(Handle handle, String run, Evaluation evaluation) throws StoreException {
    long runId =
        RunRows.runId(handle, run)
            .orElseThrow(
                () ->
                    new StoreException(
                        "run %s: an evaluation of a run that has no committed model".formatted(run),
                        null));
    for (String table : List.of("evaluation_metric", "evaluation")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE run_id = :id AND number = :round")
          .bind("id", runId)
          .bind("round", evaluation.round())
          .execute();
    }
    handle
        .createUpdate(
            "INSERT INTO evaluation (run_id, number, devices, examples)"
                + " VALUES (:id, :round, :devices, :examples)")
        .bind("id", runId)
        .bind("round", evaluation.round())
        .bind("devices", evaluation.devices())
        .bind("examples", evaluation.examples())
        .execute();
    for (Map.Entry<String, Double> metric : evaluation.metrics().entrySet()) {
      handle
          .createUpdate(
              "INSERT INTO evaluation_metric (run_id, number, name, figure)"
                  + " VALUES (:id, :round, :name, :figure)")
          .bind("id", runId)
          .bind("round", evaluation.round())
          .bind("name", metric.getKey())
          .bind("figure", metric.getValue())
          .execute();
    }
    return true;
  }

  static List<Evaluation> list(Handle handle, String run) {
    Map<Integer, Map<String, Double>> metrics = new HashMap<>();
    handle
        .createQuery(
            "SELECT m.number, m.name, m.figure FROM evaluation_metric m"
                + " JOIN run ON run.id = m.run_id WHERE run.name = :run")
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
                + " JOIN run ON run.id = e.run_id WHERE run.name = :run ORDER BY e.number")
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
