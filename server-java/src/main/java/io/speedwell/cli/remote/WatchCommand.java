package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.Terminal;
import io.speedwell.cli.UserError;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell run watch}: rounds so far, then each as it is committed, until the run ends. */
@Command(
    name = "watch",
    description = "Show a run's rounds, those to come as they are committed, until it ends.",
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The run.")
  private String run;

  @Mixin private ServerOption server;

  @Option(names = "--json", description = "One JSON object a line: rounds so far, then events.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    AdminClient client = server.connect();
    Iterator<Happening> events =
        client.events("?run=" + URLEncoder.encode(run, StandardCharsets.UTF_8));
    if (events.hasNext()) {
      events.next(); // what is listed now and what comes then is everything
    }
    JsonNode rounds = client.get(AdminClient.run(run) + "/rounds").get("rounds");
    Watch watch =
        new Watch(
            run, spec.commandLine().getOut(), json, Terminal.standard(System.getenv()).live());
    rounds.forEach(watch::known);
    String state = client.get(AdminClient.run(run)).get("state").asText();
    if (state.equals("ended") || state.equals("stored")) {
      return ExitCodes.OK;
    } else if (state.equals("failed")) {
      return ExitCodes.RUN_FAILED;
    }
    while (events.hasNext()) {
      Happening event = events.next();
      watch.happened(event);
      if (event.type().equals("run-ended")) {
        return ExitCodes.OK;
      } else if (event.type().equals("run-failed")) {
        return ExitCodes.RUN_FAILED;
      }
    }
    throw new UserError(ExitCodes.NO_SERVER, "the server has ended, or the connection is lost");
  }
}
