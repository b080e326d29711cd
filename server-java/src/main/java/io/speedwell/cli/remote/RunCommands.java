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

  /** What is asked of one run, with one word of the admin port. */
  private abstract static class OfRun extends OfServer {
    @Parameters(paramLabel = "NAME", description = "The run.")
    private String run;

    private final String word;

    OfRun(String word) {
      this.word = word;
    }

    /** What follows the word; empty: nothing. */
    String query() {
      return "";
    }

    @Override
    JsonNode ask(AdminClient client) {
      return client.post(AdminClient.run(run) + "/" + word + query(), "");
    }
  }

  /** A word that waits for the open round, unless it is told not to. */
  private abstract static class AfterRound extends OfRun {
    @Option(names = "--now", description = "Abandon the open round.")
    private boolean now;

    AfterRound(String word) {
      super(word);
    }

    @Override
    String query() {
      return "?now=" + now;
    }
  }

  /** {@code run pause}. */
  @Command(
      name = "pause",
      description = "Let a run rest once its open round is committed; its devices are then free.")
  public static final class Pause extends AfterRound {
    public Pause() {
      super("pause");
    }
  }

  /** {@code run resume}. */
  @Command(name = "resume", description = "Let a paused run go on.")
  public static final class Resume extends OfRun {
    public Resume() {
      super("resume");
    }
  }

  /** {@code run stop}. */
  @Command(
      name = "stop",
      description = "End a run once its open round is committed; it can be started again.")
  public static final class Stop extends AfterRound {
    public Stop() {
      super("stop");
    }
  }
}
