package io.speedwell.admin;

import io.speedwell.run.RunSpec;
import io.speedwell.run.StoreException;
import io.speedwell.run.Wish;
import io.speedwell.run.plan.PlanException;
import java.io.IOException;

/** Writes down what comes over the admin port of runs. May block; used from any thread. */
public interface PlanIntake {

  /**
   * Reads a plan, and writes it down as that of its run.
   *
   * @param yaml the plan
   * @throws PlanException when it is no valid plan
   * @throws StoreException when a run of its name goes by another plan
   * @throws IOException when a file it names cannot be read
   */
  RunSpec ready(String yaml) throws PlanException, StoreException, IOException;

  /**
   * Writes down the operator's last word on a run: the next start of a server keeps to it.
   *
   * @throws StoreException when it cannot be written
   */
  void wanted(String run, Wish wish) throws StoreException;
}
