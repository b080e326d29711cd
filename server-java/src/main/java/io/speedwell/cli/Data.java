package io.speedwell.cli;

import io.speedwell.run.StoreException;
import io.speedwell.run.plan.Plan;
import io.speedwell.store.DataFolder;
import java.nio.file.Path;

/** Data folders as the command line opens them: what is wrong is the user's to put right. */
public final class Data {
  private Data() {}

  /** Opens a folder for a run of this plan: a new run, or one it holds under the same plan. */
  public static DataFolder open(Path folder, Plan plan) {
    try {
      DataFolder opened = DataFolder.open(folder);
      try {
        opened.plans().bind(plan);
      } catch (StoreException e) {
        opened.close();
        throw e;
      }
      return opened;
    } catch (StoreException e) {
      throw new UserError(ExitCodes.DATA_FOLDER, e.getMessage(), e);
    }
  }
}
