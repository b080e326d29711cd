package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.jna.DeviceTensor;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import io.speedwell.run.plan.PlanReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server and its devices are killed, over and over, on one data folder. Whatever is committed
 * stays, is the exact fold of the updates that are recorded as counted, and the runs go on.
 */
@Tag("faults")
class KilledTest {
  private static final List<String> RUNS = List.of("one", "other");
  private static final int DEVICES = 20;
  private static final int KILLED = 137; // exit code
  private static final int AUDIT_EVERY = 16; // kills
  private static final int AT_MOST = 12; // messages of a kind until a device dies
  private static final List<DeviceTensor> TENSORS =
      List.of(DeviceTensor.mean("w", 30, 16), DeviceTensor.mean("b", 16));
  private static final String PLAN =
      """
      name: %s
      model:
        tensors:
          - {name: w, shape: [30, 16]}
          - {name: b, shape: [16]}
      rounds: {count: 1000000, goal: 7, minimum: 4, over_selection: 2, deadline: 20s}
      """;

  private static final Set<KillPoint> EVERYWHERE = EnumSet.allOf(KillPoint.class);

  /** Moments that a connection has once. */
  private static final Set<Enum<?>> ONCE =
      Set.of(
          ToServer.MessageCase.HELLO,
          ToDevice.MessageCase.WELCOME,
          ToDevice.MessageCase.RUN_OFFER,
          ToServer.MessageCase.RUN_READY);

  /** When a device dies. */
  private static final List<Enum<?>> MOMENTS =
      List.of(
          ToServer.MessageCase.HELLO,
          ToDevice.MessageCase.WELCOME,
          ToDevice.MessageCase.RUN_OFFER,
          ToServer.MessageCase.RUN_READY,
          ToDevice.MessageCase.TASK,
          ToServer.MessageCase.GRANT,
          ToDevice.MessageCase.CHUNK,
          ToServer.MessageCase.RESULT,
          ToDevice.MessageCase.GRANT,
          ToServer.MessageCase.CHUNK,
          ToDevice.MessageCase.ACCEPTED,
          ToDevice.MessageCase.COMMITTED);

  @TempDir private Path folder;
  private final UpdateLedger ledger = new UpdateLedger();
  private final List<Path> plans = new ArrayList<>();
  private final List<Audit> audits = new ArrayList<>();
  private Path data;
  private Path watch;
  private InetSocketAddress address;

  @BeforeEach
  void prepare() throws Exception {
    for (String run : RUNS) {
      Path plan = Files.writeString(folder.resolve(run + ".yaml"), PLAN.formatted(run));
      plans.add(plan);
      audits.add(new Audit(PlanReader.read(plan), ledger));
    }
    data = folder.resolve("data");
    watch = KillPoint.library(folder);
    address = Programs.freeAddress();
  }

  /** One way to kill a server: at the n-th crossing of a point, or after a time. */
  private record Instant(KillPoint point, int n) {
    static Instant of(KillPoint point, Random random) {
      boolean often =
          switch (point) {
            case ACCEPTED, COMMITTING, COMMITTED, ROW_TORN, ROW_WRITTEN -> true;
            default -> false;
          };
      return new Instant(point, 1 + random.nextInt(often ? 40 : 3));
    }

    static Instant after(int ms) {
      return new Instant(null, ms);
    }
  }

  @Test
  void theServerBetweenTheSteps() throws Exception {
    Random random = new Random(1);
    Set<KillPoint> steps =
        EnumSet.of(
            KillPoint.ACCEPTED,
            KillPoint.FOLDED,
            KillPoint.FILE_SYNCED,
            KillPoint.RENAMED,
            KillPoint.FOLDER_SYNCED,
            KillPoint.ROW_WRITTEN,
            KillPoint.COMMITTED);
    killServer(schedule(steps, 1, 1, random), random, false);
  }

  @Test
  @Tag("slow")
  void theServerTwoHundredTimes() throws Exception {
    Random random = new Random(2);
    killServer(schedule(EVERYWHERE, 16, 30, random), random, false);
  }

  // SPW-RES-07
  @Test
  void devicesAtEveryMoment() throws Exception {
    killDevices(1, new Random(3));
  }

  @Test
  @Tag("slow")
  void devicesTwoHundredTimes() throws Exception {
    killDevices(17, new Random(4));
  }

  // SPW-RES-07
  @Test
  @Tag("slow")
  void both() throws Exception {
    Random random = new Random(5);
    killServer(schedule(EVERYWHERE, 6, 14, random), random, true);
  }

  /** These points so often each, and so many arbitrary times. */
  private static List<Instant> schedule(
      Set<KillPoint> points, int each, int arbitrary, Random random) {
    List<Instant> instants = new ArrayList<>();
    for (KillPoint point : points) {
      for (int i = 0; i < each; i++) {
        instants.add(Instant.of(point, random));
      }
    }
    for (int i = 0; i < arbitrary; i++) {
      instants.add(Instant.after(random.nextInt(4_000)));
    }
    Collections.shuffle(instants, random);
    return instants;
  }

  private void killServer(List<Instant> instants, Random random, boolean devicesToo)
      throws Exception {
    int deaths = 0;
    try (Fleet fleet = new Fleet(DEVICES, address, TENSORS, ledger)) {
      for (int i = 0; i < instants.size(); i++) {
        if (devicesToo) {
          fleet.doom(random.nextInt(DEVICES), MOMENTS.get(i % MOMENTS.size()), 1);
        }
        kill(instants.get(i));
        deaths += fleet.replaceTheDead();
        if (i % AUDIT_EVERY == AUDIT_EVERY - 1) {
          auditCopy();
        }
      }
      goOn();
    }
    audit(data);
    assertThat(audits).allSatisfy(audit -> assertThat(audit.round()).isPositive());
    assertThat(deaths > 0).isEqualTo(devicesToo);
  }

  private void kill(Instant instant) throws Exception {
    try (Child server = start(instant)) {
      if (instant.point() == null) {
        server.endsWithin(instant.n(), TimeUnit.MILLISECONDS);
        server.kill();
      } else {
        assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isEqualTo(KILLED);
        assertThat(server.lines()).contains("killed at " + instant.point().word());
      }
    }
  }

  private Child start(Instant instant) throws IOException {
    return Programs.speedwell(
        List.of("-XX:TieredStopAtLevel=1"),
        instant.point() == null ? Map.of() : instant.point().environment(watch, instant.n()),
        arguments());
  }

  private void killDevices(int each, Random random) throws Exception {
    try (Fleet fleet = new Fleet(DEVICES, address, TENSORS, ledger);
        Child server = Programs.speedwell(arguments())) {
      for (int i = 0; i < each * MOMENTS.size(); i++) {
        int number = random.nextInt(DEVICES);
        Enum<?> moment = MOMENTS.get(i % MOMENTS.size());
        if (ONCE.contains(moment)) {
          fleet.doomAnew(number, moment, 1);
        } else {
          fleet.doom(number, moment, 1 + random.nextInt(AT_MOST));
        }
        fleet.awaitDeath(number);
        fleet.replaceTheDead();
      }
      server.awaitLines(" committed: ", 1);
      server.kill();
      goOn();
    }
    audit(data);
  }

  /** Runs come to more rounds, undisturbed. */
  private void goOn() throws IOException {
    try (Child server = Programs.speedwell(arguments())) {
      server.awaitLines(" committed: ", 6);
      server.kill();
    }
  }

  private String[] arguments() {
    return Programs.serverArguments(
        plans.get(0), data, address.getPort(), "--plan", plans.get(1).toString());
  }

  private void audit(Path of) throws Exception {
    for (Audit audit : audits) {
      audit.check(of);
    }
  }

  /** Audits a copy, so that it is the server that finds the folder as it was left. */
  private void auditCopy() throws Exception {
    Path copy = folder.resolve("copy");
    copy(data, copy);
    audit(copy);
    delete(copy);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
