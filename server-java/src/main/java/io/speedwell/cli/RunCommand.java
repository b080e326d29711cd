package io.speedwell.cli;

import picocli.CommandLine.Command;

/** {@code speedwell run ...}. */
@Command(
    name = "run",
    description = "Steer runs.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = RollBackCommand.class)
final class RunCommand {}
