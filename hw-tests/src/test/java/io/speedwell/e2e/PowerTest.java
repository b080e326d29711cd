package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.run.plan.PlanReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A device process with {@code --state} is killed at calls of the system, again and again, and
 * started anew on what it left, or on half of that. The server counts each update once, and what it
 * makes of a round is the exact fold of what devices sent. SPW-RES-07, SPW-PWR-06, SPW-PWR-07,
 * SPW-PWR-08, SPW-PWR-09
 */
@Tag("power")
class PowerTest {
  private static final int KILLED = 137; // exit code
  private static final int CALLS_MOST = 120; // of one life; a round takes about 50
  private static final String RULES = "{count: 1000000, goal: 2, minimum: 2, deadline: 20s}";

  @TempDir private Path folder;
  private final List<List<String>> lives = new ArrayList<>();

  @Test
  void aDeviceGoesOnAfterEveryKill() throws Exception {
    live(60, new Random(1));
  }

  @Test
  @Tag("slow")
  void aDeviceGoesOnAfterFourHundredKills() throws Exception {
    live(400, new Random(2));
  }

  private void live(int count, Random random) throws Exception {
    Path plan = Plans.write(folder.resolve("plan.yaml"), 2, RULES, false);
    Path data = folder.resolve("data");
    UpdateLedger ledger = new UpdateLedger();
    Path library = Programs.library(folder, "diepoint");
    Path state = folder.resolve("state");
    Path memory = folder.resolve("state.memory");
    try (Child server = Programs.server(plan, data, 0)) {
      int port = Programs.port(server);
      try (Wiretap victims = new Wiretap(port, ledger.tap("victim", message -> {}));
          Wiretap survivors = new Wiretap(port, ledger.tap("survivor", message -> {}));
          Child survivor =
              Programs.device(survivors.port(), "survivor", Rows.features(rows(), 40, 1))) {
        Path own = Rows.features(folder.resolve("own.csv"), 40, 2);
        for (int life = 0; life < count; life++) {
          int call = 1 + random.nextInt(CALLS_MOST);
          try (Child victim = start(victims.port(), own, state, library, call)) {
            assertThat(victim.awaitExit()).as(String.join("\n", victim.lines())).isEqualTo(KILLED);
            lives.add(victim.lines());
          }
          if (random.nextInt(4) == 0) {
            Files.deleteIfExists(memory); // the kept update is not whole any more
          }
        }
        try (Child last = start(victims.port(), own, state, library, 0)) {
          last.awaitLines(": committed", 2);
          lives.add(last.lines());
        }
        assertThat(survivor.alive()).isTrue();
        server.kill();
      }
    }
    Audit audit = new Audit(PlanReader.read(plan), ledger);
    audit.check(data);
    assertThat(audit.round()).as("rounds committed").isGreaterThan(count / 20);
    checkLives();
  }

  private Path rows() {
    return folder.resolve("rows.csv");
  }

  private static Child start(int port, Path rows, Path state, Path library, int call)
      throws IOException {
    return Programs.device(
        Map.of("LD_PRELOAD", library.toString(), "DIEPOINT", Integer.toString(call)),
        port,
        "victim",
        rows,
        "--state",
        state.toString());
  }

  /** What the device said of itself, from life to life. */
  private void checkLives() {
    long starts = 0;
    long kept = 0;
    long heard = 0;
    long resumed = 0;
    for (int life = 1; life <= lives.size(); life++) {
      for (String line : lives.get(life - 1)) {
        if (line.contains(": start ")) {
          String[] numbers = line.replaceAll(".*: start |[^0-9]+", " ").trim().split(" ");
          long start = Long.parseLong(numbers[0]); // some lives end before they can tell it
          assertThat(start).as(line).isBetween(starts + 1, (long) life);
          starts = start;
          assertThat(Long.parseLong(numbers[1])).as(line).isBetween(kept, heard);
          kept = Long.parseLong(numbers[1]);
        } else if (line.contains(": committed")) {
          heard = round(line);
          assertThat(heard).as(line).isGreaterThan(kept);
        } else if (line.contains("still here")) {
          resumed++;
        }
      }
    }
    assertThat(resumed).as("finished updates that outlived a kill").isPositive();
    assertThat(starts).as("starts that were kept").isGreaterThan(lives.size() / 2);
  }

  private static long round(String line) {
    return Long.parseLong(line.replaceFirst(".*round (\\d+).*", "$1"));
  }
}
