package io.speedwell.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.cli.doctor.Finding.Verdict;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanException;
import io.speedwell.run.plan.PlanReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksTest {
  private static final long NOW = 1_800_000_000_000L;

  @TempDir private Path folder;

  @Test
  void anOldJavaIsNotEnough() {
    assertThat(MachineChecks.java(17, "17.0.1").verdict()).isEqualTo(Verdict.OK);
    assertThat(MachineChecks.java(11, "11.0.2"))
        .isEqualTo(Finding.fail("java", "11.0.2", "install Java 17 or newer"));
  }

  @Test
  void tooFewOpenFilesAreSaidWithTheNumberThatIsNeeded() {
    assertThat(MachineChecks.files(1_256, 1_000).verdict()).isEqualTo(Verdict.OK);
    Finding few = MachineChecks.files(1_255, 1_000);
    assertThat(few.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(few.remedy()).contains("ulimit -n 1256", "LimitNOFILE=1256");
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
      assertThat(MachineChecks.port("port", address).verdict()).isEqualTo(Verdict.WARN);
      taken.close();
      assertThat(MachineChecks.port("port", address).verdict()).isEqualTo(Verdict.OK);
    }
  }

  @Test
  void aClockThatCannotBeRightIsSaid() {
    assertThat(MachineChecks.clock(NOW, NOW).verdict()).isEqualTo(Verdict.OK);
    assertThat(MachineChecks.clock(0, 0).verdict()).isEqualTo(Verdict.WARN);
    assertThat(MachineChecks.clock(NOW, NOW + 120_000).remedy()).contains("set the clock");
  }

  @Test
  void aProgramIsStartedToSeeThatItWorks() throws IOException {
    Path good = script("good", "#!/bin/sh\nexit 0\n");
    Path bad = script("bad", "#!/bin/sh\nexit 3\n");
    assertThat(MachineChecks.program(good).verdict()).isEqualTo(Verdict.OK);
    assertThat(MachineChecks.program(bad).found()).endsWith("exit code 3");
    assertThat(MachineChecks.program(folder.resolve("none")).found()).endsWith("it is not there");
  }

  private Path script(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @Test
  void theFolderMustBeOneOrBecomeOne() throws IOException {
    assertThat(FolderChecks.writable(folder).verdict()).isEqualTo(Verdict.OK);
    assertThat(FolderChecks.writable(folder.resolve("new/one")).found()).endsWith("will be made");
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(FolderChecks.writable(file.resolve("below")).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void roomIsCountedInModels() {
    assertThat(FolderChecks.space("disk", 10L << 30, 1 << 20).verdict()).isEqualTo(Verdict.OK);
    Finding little = FolderChecks.space("disk", 10L << 30, 1L << 30);
    assertThat(little.verdict()).isEqualTo(Verdict.WARN);
    assertThat(little.found()).isEqualTo("10240 MB free, room for 10 models of the plan");
    assertThat(FolderChecks.space("disk", 2L << 30, 1L << 30).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(FolderChecks.space("disk", 1 << 20, 0).verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void aPlanIsHeldAgainstBudgetAndHeap() throws Exception {
    Plan plan = plan(1_000_000);
    assertThat(MemoryChecks.budget(plan, 256L << 20).verdict()).isEqualTo(Verdict.OK);
    assertThat(MemoryChecks.budget(plan, 5L << 20).verdict()).isEqualTo(Verdict.WARN);
    assertThat(MemoryChecks.budget(plan, 1L << 20).verdict()).isEqualTo(Verdict.FAIL);
    List<Plan> none = List.of();
    long budget = 64L << 20;
    assertThat(MemoryChecks.heap(none, budget, 128L << 20).verdict()).isEqualTo(Verdict.OK);
    assertThat(MemoryChecks.heap(none, budget, 96L << 20).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(MemoryChecks.heap(List.of(plan), budget, 128L << 20).remedy())
        .contains("64 for updates (--budget)", "there are 128", "-Xmx");
  }

  private Plan plan(int parameters) throws PlanException {
    return PlanReader.read(
        """
        name: tiny
        model:
          tensors:
            - {name: w, shape: [%d]}
        rounds: {goal: 10, count: 1, deadline: 60s}
        """
            .formatted(parameters),
        "plan",
        folder);
  }
}
