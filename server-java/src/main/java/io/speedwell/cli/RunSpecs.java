package io.speedwell.cli;

import io.speedwell.model.HeInitialiser;
import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.file.ModelFileException;
import io.speedwell.model.file.ModelFiles;
import io.speedwell.run.HeapNeed;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;

/** Plans made ready to run. */
public final class RunSpecs {
  private RunSpecs() {}

  /** Reads what the plan names; a file, or a model, that does not fit is a user error. */
  public static RunSpec of(Plan plan) {
    HeapNeed.shortage(Runtime.getRuntime().maxMemory(), 0, HeapNeed.of(plan))
        .ifPresent(
            why -> {
              throw new UserError(ExitCodes.UNFIT, "plan " + plan.name() + ": " + why);
            });
    return new RunSpec(plan, initial(plan), RunSpec.Patience.DEFAULTS);
  }

  private static Parameters initial(Plan plan) {
    Layout layout = plan.model().layout();
    if (plan.model().initial().isEmpty()) {
      return HeInitialiser.initialise(layout, plan.seeds().run());
    }
    Path file = plan.model().initial().get();
    try {
      return ModelFiles.loadFinite(file, layout);
    } catch (ModelFileException e) {
      throw new UserError(ExitCodes.BAD_INPUT, e.getMessage(), e);
    } catch (IOException e) {
      throw Problems.file(file, e);
    }
  }
}
