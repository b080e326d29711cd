package io.speedwell.store;

import io.speedwell.run.StoreException;
import io.speedwell.run.Wish;
import io.speedwell.run.plan.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The plan each run goes by, so that a run never goes on under another one unnoticed. */
public final class PlanLedger {
  private record Row(String identity, String resolved) {}

  private final Database database;

  PlanLedger(Database database) {
    this.database = database;
  }

  /**
   * Writes down the plan of a run that is new, or holds it against what was written down. What may
   * change ({@link Plan#identity()}) is updated.
   *
   * @throws StoreException when a run of this name goes by a plan of another identity; the message
   *     shows the first line that differs
   */
  public void bind(Plan plan) throws StoreException {
    database.write("writing the plan", handle -> bind(handle, plan));
  }

  private static boolean bind(Handle handle, Plan plan) throws StoreException {
    Optional<Row> known =
        handle
            .createQuery("SELECT identity, resolved FROM run_plan WHERE run = :run")
            .bind("run", plan.name())
            .map((row, context) -> new Row(row.getString(1), row.getString(2)))
            .findOne();
    if (known.isPresent() && !known.get().identity().equals(plan.identity())) {
      throw new StoreException(
          ("run %s: the data folder holds a run of this name under another plan; %s. Go back to"
                  + " that plan, or choose another name or another folder")
              .formatted(plan.name(), difference(known.get().resolved(), plan)),
          null);
    }
    String sql =
        known.isPresent()
            ? "UPDATE run_plan SET identity = :identity, resolved = :resolved WHERE run = :run"
            : "INSERT INTO run_plan (run, identity, resolved) VALUES (:run, :identity, :resolved)";
    handle
        .createUpdate(sql)
        .bind("run", plan.name())
        .bind("identity", plan.identity())
        .bind("resolved", plan.resolved())
        .execute();
    return true;
  }

  /** Writes down the operator's last word on a run. */
  public void wish(String run, Wish wish) throws StoreException {
    database.write(
        "writing down what is wanted of a run",
        handle ->
            handle
                .createUpdate("UPDATE run_plan SET wish = :wish WHERE run = :run")
                .bind("wish", wish.name())
                .bind("run", run)
                .execute());
  }

  /** The operator's last word on a run; empty: none was said. */
  public Optional<Wish> wish(String run) throws StoreException {
    return database.read(
        "reading what is wanted of a run",
        handle ->
            handle
                .createQuery("SELECT wish FROM run_plan WHERE run = :run AND wish IS NOT NULL")
                .bind("run", run)
                .mapTo(Wish.class)
                .findOne());
  }

  /**
   * The plans, by name of the run, of those runs that the operator wants to go on or to rest:
   * {@link Plan#resolved()}.
   */
  public Map<String, String> wanted() throws StoreException {
    return database.read(
        "listing what is wanted of runs",
        handle ->
            handle
                .createQuery(
                    "SELECT run, resolved FROM run_plan WHERE wish IN ('GO', 'PAUSE') ORDER BY run")
                .reduceRows(
                    new LinkedHashMap<String, String>(),
                    (plans, row) -> {
                      plans.put(
                          row.getColumn("run", String.class),
                          row.getColumn("resolved", String.class));
                      return plans;
                    }));
  }

  /** The first line that differs among those that shape the identity. */
  private static String difference(String known, Plan plan) {
    List<String> before = Plan.identityLines(known);
    List<String> now = Plan.identityLines(plan.resolved());
    for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
      String one = i < before.size() ? before.get(i).strip() : "nothing";
      String two = i < now.size() ? now.get(i).strip() : "nothing";
      if (!one.equals(two)) {
        return "it had \"%s\" where this plan has \"%s\"".formatted(one, two);
      }
    }
    return "they differ";
  }
}
