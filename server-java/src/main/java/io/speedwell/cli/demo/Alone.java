package io.speedwell.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What each device learns without the others: the same program, the same rows, as many epochs as it
 * would train in the fleet.
 */
final class Alone {
  private Alone() {}

  /** Trains each shard by itself, all processors busy. */
  static Report.Alone measure(
      DemoOptions options, List<Path> shards, Path heldOut, DeviceProcesses processes, Progress on)
      throws IOException {
    int atOnce = Runtime.getRuntime().availableProcessors();
    List<CompletableFuture<String>> started = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      while (started.size() < shards.size() && started.size() - i < atOnce) {
        int next = started.size();
        started.add(
            processes.startOnce(
                "alone-%02d".formatted(next + 1),
                List.of(
                    "--offline-epochs",
                    Integer.toString(options.rounds() * DemoOptions.EPOCHS),
                    "--data",
                    shards.get(next).toString(),
                    "--test",
                    heldOut.toString(),
                    "--seed",
                    Long.toString(options.seed() + next),
                    "--json")));
      }
      accuracies.add(accuracy(join(started.get(i))));
      on.step("each device alone", i + 1, shards.size());
    }
    double mean = accuracies.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    return new Report.Alone(mean, List.copyOf(accuracies));
  }

  private static String join(CompletableFuture<String> printed) {
    try {
      return printed.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof UserError error ? error : e;
    }
  }

  private static double accuracy(String printed) throws IOException {
    JsonNode figures = new ObjectMapper().readTree(printed);
    if (!figures.has("testAccuracy") || !figures.has("testExamples")) {
      throw new UserError(
          ExitCodes.RUN_FAILED, "the device program printed no accuracy but: " + printed);
    }
    return Report.accuracy(
        figures.get("testAccuracy").asDouble(), figures.get("testExamples").asInt());
  }
}
