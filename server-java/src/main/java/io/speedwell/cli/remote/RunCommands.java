package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.PlanFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell run list|start|pause|resume|stop}. */
public final class RunCommands {
  private RunCommands() {}

  /** What these commands have in common: a server, and an answer in one of two forms. */
  @Command(mixinStandardHelpOptions = true)
  private abstract static class OfServer implements Callable<Integer> {
    @Mixin private ServerOption server;

    @Option(names = "--json", description = "What the server says, as JSON.")
    private boolean json;

    @Spec private CommandSpec spec;

    /** Asks the server; the answer is a run, or has {@code runs}. */
    abstract JsonNode ask(AdminClient client);

    @Override
    public Integer call() {
      JsonNode answer = ask(server.connect());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(answer);
      } else {
        Output.runs(out, answer.has("runs") ? answer.get("runs") : List.of(answer));
      }
      return ExitCodes.OK;
    }
  }

  /** {@code run list}. */
  @Command(name = "list", description = "List a server's runs, and those its data folder holds.")
  public static final class ListRuns extends OfServer {
    @Override
    JsonNode ask(AdminClient client) {
      return client.get("/runs");
    }
  }

  /** {@code run start}. */
  @Command(
      name = "start",
      description = "Start a run on a server, or go on with it from its last committed round.")
  public static final class Start extends OfServer {
    @Parameters(paramLabel = "PLAN", description = "The plan, YAML.")
    private Path plan;

    @Override
    JsonNode ask(AdminClient client) {
      return client.post("/runs", PlanFile.read(plan).resolved());
    }
  }

  /** {@code run pause}. */
  @Command(
      name = "pause",
      description = "Let a run rest once its open round is committed; its devices are then free.")
  public static final class Pause extends OfServer {
    @Parameters(paramLabel = "NAME", description = "The run.")
    private String run;

    @Option(names = "--now", description = "Abandon the open round.")
    private boolean now;

    @Override
    JsonNode ask(AdminClient client) {
      return client.post(AdminClient.run(run) + "/pause?now=" + now, "");
    }
  }

  /** {@code run resume}. */
  @Command(name = "resume", description = "Let a paused run go on.")
  public static final class Resume extends OfServer {
    @Parameters(paramLabel = "NAME", description = "The run.")
    private String run;

    @Override
    JsonNode ask(AdminClient client) {
      return client.post(AdminClient.run(run) + "/resume", "");
    }
  }

  /** {@code run stop}. */
  @Command(
      name = "stop",
      description = "End a run once its open round is committed; it can be started again.")
  public static final class Stop extends OfServer {
    @Parameters(paramLabel = "NAME", description = "The run.")
    private String run;

    @Option(names = "--now", description = "Abandon the open round.")
    private boolean now;

    @Override
    JsonNode ask(AdminClient client) {
      return client.post(AdminClient.run(run) + "/stop?now=" + now, "");
    }
  }
}
