package io.speedwell.cli;

import io.speedwell.cli.remote.HistoryCommand;
import io.speedwell.cli.remote.RollBackCommand;
import io.speedwell.cli.remote.RunCommands;
import io.speedwell.cli.remote.WatchCommand;
import picocli.CommandLine.Command;

/** {@code speedwell run ...}. */
@Command(
    name = "run",
    description = "Steer runs.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommands.ListRuns.class,
      RunCommands.Start.class,
      RunCommands.Pause.class,
      RunCommands.Resume.class,
      RunCommands.Stop.class,
      WatchCommand.class,
      HistoryCommand.class,
      RollBackCommand.class
    })
final class RunCommand {}
