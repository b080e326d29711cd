package io.speedwell.cli;

import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanException;
import io.speedwell.run.plan.PlanReader;
import java.io.IOException;
import java.nio.file.Path;

/** Plans as the command line reads them: what is wrong is the user's to put right. */
public final class PlanFile {
  private PlanFile() {}

  /** Reads a plan; every problem is in the one error. */
  public static Plan read(Path file) {
    try {
      return PlanReader.read(file);
    } catch (PlanException e) {
      throw new UserError(ExitCodes.BAD_INPUT, e.getMessage(), e);
    } catch (IOException e) {
      throw Problems.file(file, e);
    }
  }
}
