package io.speedwell.cli;

import io.speedwell.run.StoreException;
import io.speedwell.run.plan.Plan;
import io.speedwell.store.DataFolder;
import io.speedwell.store.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Data folders as the command line opens them: what is wrong is the user's to put right. */
public final class Data {
  private Data() {}

  /** Opens a folder that keeps every model, for a run of this plan. */
  public static DataFolder open(Path folder, Plan plan) {
    return open(folder, List.of(plan), StoreSettings.DEFAULTS);
  }

  /**
   * Opens a folder for runs of these plans, none or more: new ones, or held under the same plan.
   */
  static DataFolder open(Path folder, List<Plan> plans, StoreSettings settings) {
    try {
      DataFolder opened = DataFolder.open(folder, settings);
      try {
        for (Plan plan : plans) {
          opened.plans().bind(plan);
        }
      } catch (StoreException e) {
        opened.close();
        throw e;
      }
      return opened;
    } catch (StoreException e) {
      throw problem(e);
    }
  }

  /**
   * Opens a folder for a command that does not run it.
   *
   * @throws UserError when the folder is not there or cannot be used
   */
  public static DataFolder open(Path folder, StoreSettings settings) {
    if (!Files.isDirectory(folder)) {
      throw new UserError(ExitCodes.DATA_FOLDER, "data folder " + folder + ": it is not there");
    }
    try {
      return DataFolder.open(folder, settings);
    } catch (StoreException e) {
      throw problem(e);
    }
  }

  /** What the store says, as the user's to put right. */
  public static UserError problem(StoreException e) {
    return new UserError(ExitCodes.DATA_FOLDER, e.getMessage(), e);
  }
}
