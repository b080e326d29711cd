package io.speedwell.cli;

import io.speedwell.admin.PlanIntake;
import io.speedwell.run.RunSpec;
import io.speedwell.run.StoreException;
import io.speedwell.run.Wish;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanException;
import io.speedwell.run.plan.PlanReader;
import io.speedwell.store.PlanLedger;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes plans in for a data folder; a relative path in one counts from that folder.
 *
 * @param folder the data folder
 * @param ledger its plans
 */
record FolderPlans(Path folder, PlanLedger ledger) implements PlanIntake {
  @Override
  public RunSpec ready(String yaml) throws PlanException, StoreException, IOException {
    Plan plan = PlanReader.read(yaml, "plan", folder.toAbsolutePath());
    try {
      RunSpec spec = RunSpecs.of(plan);
      ledger.bind(plan);
      return spec;
    } catch (UserError e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void wanted(String run, Wish wish) throws StoreException {
    ledger.wish(run, wish);
  }
}
