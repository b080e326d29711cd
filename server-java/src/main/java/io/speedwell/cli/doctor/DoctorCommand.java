package io.speedwell.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.cli.Address;
import io.speedwell.cli.BudgetOption;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.Home;
import io.speedwell.cli.OpenFiles;
import io.speedwell.cli.PlanFile;
import io.speedwell.run.plan.Plan;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code speedwell doctor}. */
@Command(
    name = "doctor",
    description = "Check whether this machine is fit for a server: limits, disk, ports, clock.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--plan", paramLabel = "FILE", description = "Also what this plan's model needs.")
  private Path plan;

  @Option(names = "--data", paramLabel = "DIR", description = "The data folder it is to have.")
  private Path data = Path.of(".");

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Devices to be connected at once.")
  private int devices;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7700",
      converter = Address.Converter.class,
      description = "Where they are to connect.")
  private InetSocketAddress listen;

  @Mixin private BudgetOption memory;

  @Option(
      names = "--device",
      paramLabel = "FILE",
      description = "The native device program; the launcher's own if not given.")
  private Path device;

  @Option(names = "--json", description = "One JSON array instead of lines.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    List<Finding> findings = findings();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(findings));
    } else {
      findings.forEach(finding -> print(out, finding));
    }
    boolean fit = findings.stream().noneMatch(f -> f.verdict() == Finding.Verdict.FAIL);
    return fit ? ExitCodes.OK : ExitCodes.UNFIT;
  }

  private List<Finding> findings() {
    Runtime.Version java = Runtime.version();
    List<Finding> findings = new ArrayList<>();
    findings.add(MachineChecks.java(java.feature(), java.toString()));
    findings.add(MachineChecks.files(OpenFiles.limit(), devices));
    findings.add(FolderChecks.writable(data));
    Plan read = plan == null ? null : PlanFile.read(plan);
    long model = read == null ? 0 : 4L * read.model().layout().parameterCount();
    findings.add(FolderChecks.space(data, model));
    findings.add(MachineChecks.port("port", listen));
    findings.add(MachineChecks.clock(System.currentTimeMillis(), FolderChecks.newest(data)));
    findings.add(
        MachineChecks.program(
            Home.below(device, "build/native/client-c/programs/speedwell-device")));
    List<Plan> plans = read == null ? List.of() : List.of(read);
    long heap = Runtime.getRuntime().maxMemory();
    long budget = memory.size(heap, plans).bytes();
    findings.add(MemoryChecks.heap(plans, budget, heap));
    if (read != null) {
      findings.add(MemoryChecks.budget(read, budget));
    }
    return findings;
  }

  private static void print(PrintWriter out, Finding finding) {
    String verdict = finding.verdict().name().toLowerCase(Locale.ROOT);
    out.printf("%-5s %-15s %s%n", verdict, finding.subject(), finding.found());
    if (!finding.remedy().isEmpty()) {
      out.printf("%-5s %-15s -> %s%n", "", "", finding.remedy());
    }
  }
}
