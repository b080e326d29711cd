package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server with a small heap among devices that are many, stall, flood, hardly read or come back
 * all at once: rounds go on, memory stays bounded.
 */
@Tag("faults")
class BoundedTest {
  private static final int MEGABYTE_OF_FLOATS = 250_000;
  private static final long OF_THE_JVM = 256L << 20; // code, classes, threads, the collector

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Child server;
  private int heapMb;
  private int directMb;
  private int port;

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    if (server != null) {
      server.close();
    }
  }

  // ---- more updates than memory

  @Test
  void moreUpdatesThanMemoryAndSomeThatStall() throws Exception {
    serve(80, 48, plan(MEGABYTE_OF_FLOATS, 100, 10), "--budget", "8M");
    stalledLoseTheirSlots(10, 100, MEGABYTE_OF_FLOATS);
  }

  @Test
  @Tag("slow")
  void aThousandMillionParameterUpdates() throws Exception {
    serve(256, 128, plan(1_000_000, 1_000, 50), "--budget", "64M");
    stalledLoseTheirSlots(50, 1_000, 1_000_000);
  }

  private void stalledLoseTheirSlots(int stalled, int honest, int elements) throws Exception {
    LightDevices stalling = devices(stalled, "stall", elements);
    stalling.await("welcomed", stalled); // the round begins when the honest ones are here
    LightDevices others = devices(honest, "honest", elements);
    server.awaitLines("round 1 committed: " + honest + " devices", 1);
    others.await("committed", honest);
    assertThat(stalling.count("bye")).as("uploads that came too slowly").isPositive();
    assertThat(stalling.count("accepted")).isZero();
    assertBounded();
  }

  // ---- floods

  @Test
  void floodsDisturbNobody() throws Exception {
    flood(400, 20, 20);
  }

  @Test
  @Tag("slow")
  void tenThousandHalfOpenConnections() throws Exception {
    flood(10_000, 200, 50);
  }

  private void flood(int halfOpen, int storming, int slow) throws Exception {
    int honest = 30;
    serve(160, 96, plan(MEGABYTE_OF_FLOATS, 20, 10 + slow), "--budget", "24M");
    devices(honest, "honest", MEGABYTE_OF_FLOATS);
    devices(slow, "slow_reader", MEGABYTE_OF_FLOATS);
    server.awaitLine("round 1 committed: 20 devices");
    LightDevices silent = devices(halfOpen, "half_open", 1);
    devices(storming, "storm", 1);
    silent.await("connected", halfOpen);
    silent.await("bye", halfOpen); // their time to say hello is over
    int before = server.awaitLines(" committed: ", 1).size();
    assertThat(server.awaitLines(" committed: ", before + 3))
        .allSatisfy(line -> assertThat(line).contains(": 20 devices"));
    server.awaitLine("it did not take what was on its way");
    assertBounded();
  }

  // ---- everybody at once

  @Test
  void allComeBackAtOnce() throws Exception {
    comeBack(200);
  }

  @Test
  @Tag("slow")
  void twoThousandComeBackAtOnce() throws Exception {
    comeBack(2_000);
  }

  private void comeBack(int count) throws Exception {
    Path plan = plan(1_000, count, 0);
    serve(160, 96, plan);
    LightDevices devices = devices(count, "honest", 1_000);
    server.awaitLine("round 1 committed: " + count + " devices");
    server.terminate(); // which tells everybody when to come back
    server.awaitExit();
    again(plan, "--once");
    devices.await("welcomed", 2L * count);
    server.awaitLine(" committed: " + count + " devices");
    server.kill(); // which tells nobody anything
    again(plan, "--once");
    devices.await("welcomed", 3L * count);
    server.awaitLine(" committed: " + count + " devices");
    assertBounded();
  }

  // ---- an hour

  /** Minutes: system property {@code speedwell.soak}, 60 without it. */
  @Test
  @Tag("slow")
  void aSoakShowsNoGrowth() throws Exception {
    int minutes = Integer.getInteger("speedwell.soak", 60);
    serve(160, 96, plan(10_000, 40, 5), "--budget", "24M", "--keep", "last=10,every=1000");
    devices(45, "honest", 10_000);
    devices(5, "storm", 1);
    Soak soak = new Soak(server);
    soak.await(minutes * 60L / 4);
    Soak.Use early = soak.use();
    soak.await(minutes * 60L * 3 / 4);
    Soak.Use late = soak.use();
    System.out.printf("soak of %d min: %s, then %s%n", minutes, early, late);
    assertThat(late.heap()).isLessThan(early.heap() + (2 << 20));
    assertThat(late.resident()).isLessThan(early.resident() + (24L << 20));
    assertThat(late.files()).isLessThanOrEqualTo(early.files() + 10);
    assertThat(late.threads()).isLessThanOrEqualTo(early.threads());
    assertThat(late.rounds()).as("rounds went on").isGreaterThan(early.rounds());
  }

  // ---- what a server is

  private Path plan(int elements, int goal, int more) throws IOException {
    return Files.writeString(
        folder.resolve("plan.yaml"),
        """
        name: bounded
        model:
          tensors:
            - {name: w, shape: [%d]}
        rounds: {count: 1000000, goal: %d, over_selection: %d, deadline: 30m}
        """
            .formatted(elements, goal, more));
  }

  private void serve(int heap, int direct, Path plan, String... more) throws IOException {
    heapMb = heap;
    directMb = direct;
    again(plan, more);
  }

  /** Starts the server, on the port that it had before. */
  private void again(Path plan, String... more) throws IOException {
    server =
        Programs.speedwell(
            List.of("-Xmx" + heapMb + "m", "-XX:MaxDirectMemorySize=" + directMb + "m"),
            Map.of(),
            Programs.serverArguments(plan, folder.resolve("data"), port, more));
    port = Programs.port(server);
  }

  private LightDevices devices(int count, String behaviour, int elements) throws IOException {
    LightDevices started = LightDevices.start(port, count, behaviour, elements);
    open.add(started);
    return started;
  }

  /** Nothing ran out, and what the system gave to the process stays within what it may have. */
  private void assertBounded() throws IOException {
    assertThat(server.lines()).noneMatch(l -> l.contains("OutOfMemory") || l.contains("ERROR"));
    long most = (long) (heapMb + directMb) << 20;
    assertThat(Soak.peak(server.pid())).isLessThan(most + OF_THE_JVM);
  }
}
