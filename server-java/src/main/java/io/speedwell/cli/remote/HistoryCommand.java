package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.admin.History;
import io.speedwell.cli.Data;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.StoreOptions;
import io.speedwell.run.CommittedRound;
import io.speedwell.run.StoreException;
import io.speedwell.store.DataFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code speedwell run history}: by the server that runs on the folder, or without one. */
@Command(
    name = "history",
    description = "List every round a run ever committed, those that were rolled back included.",
    mixinStandardHelpOptions = true)
public final class HistoryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "The run.")
  private String run;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data folder.")
  private Path data;

  @Mixin private StoreOptions store;

  @Option(names = "--json", description = "One JSON object instead of a table.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Optional<AdminClient> server = AdminClient.running(data);
    JsonNode history =
        server.isPresent() ? server.get().get(AdminClient.run(run) + "/history") : read();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(history);
    } else {
      Output.history(out, history);
    }
    return ExitCodes.OK;
  }

  private JsonNode read() {
    try (DataFolder folder = Data.open(data, store.keepingAll())) {
      List<CommittedRound> rounds = folder.runs().history(run);
      if (rounds.isEmpty()) {
        throw new StoreException("run %s: the data folder has no such run".formatted(run), null);
      }
      return new ObjectMapper().valueToTree(History.of(run, rounds));
    } catch (StoreException e) {
      throw Data.problem(e);
    }
  }
}
