package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.jna.DeviceTensor;
import io.speedwell.run.plan.PlanReader;
import io.speedwell.store.StoreSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One run of a fleet in this process, and a server process that is started on one data folder as
 * often as it ends. What was committed is audited.
 */
final class Scene implements AutoCloseable {
  static final String RUN = "scene";
  private static final int DEVICES = 8;
  private static final List<DeviceTensor> TENSORS =
      List.of(DeviceTensor.mean("w", 30, 16), DeviceTensor.mean("b", 16));
  private static final String PLAN =
      """
      name: %s
      model:
        tensors:
          - {name: w, shape: [30, 16]}
          - {name: b, shape: [16]}
      rounds: {count: 1000000, goal: 5, minimum: 3, over_selection: 1, deadline: 20s}
      """;

  private final Path data;
  private final List<String> options;
  private final InetSocketAddress address = Programs.freeAddress();
  private final UpdateLedger ledger = new UpdateLedger();
  private final Path plan;
  private final Audit audit;
  private final Fleet fleet;
  private Child server; // null: none was started yet

  /**
   * @param work an empty folder
   * @param data the server's data folder
   * @param settings of its store
   * @param options of the server besides
   */
  Scene(Path work, Path data, StoreSettings settings, String... options) throws Exception {
    this.data = data;
    this.options = List.of(options);
    this.plan = Files.writeString(work.resolve("plan.yaml"), PLAN.formatted(RUN));
    this.audit = new Audit(PlanReader.read(plan), ledger, settings);
    this.fleet = new Fleet(DEVICES, address, TENSORS, ledger);
  }

  /** Starts the server, with these variables in its environment besides. */
  Child start(Map<String, String> environment) throws IOException {
    server =
        Programs.speedwell(
            List.of("-XX:TieredStopAtLevel=1"),
            environment,
            Programs.serverArguments(
                plan, data, address.getPort(), options.toArray(String[]::new)));
    return server;
  }

  Child start() throws IOException {
    return start(Map.of());
  }

  Child server() {
    return server;
  }

  /** Waits until so many rounds more are committed by the server that runs. */
  void awaitRounds(int more) {
    server.awaitLines(" committed: ", said(" committed: ") + more);
  }

  /** How many lines of the server that runs contain the text. */
  int said(String text) {
    return (int) server.lines().stream().filter(line -> line.contains(text)).count();
  }

  /** Lets the run go on undisturbed, and holds everything against what devices sent and heard. */
  void audit() throws Exception {
    if (!server.alive()) {
      start();
    }
    awaitRounds(3);
    server.kill();
    audit.check(data);
    assertThat(audit.round()).isPositive();
  }

  @Override
  public void close() {
    fleet.close();
    if (server != null) {
      server.close();
    }
  }
}
