package io.speedwell.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code speedwell version}. */
@Command(name = "version", description = "Print the versions of what this program is made of.")
final class VersionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    Versions.all()
        .forEach((name, version) -> spec.commandLine().getOut().printf("%s %s%n", name, version));
  }
}
