package io.speedwell.cli;

import io.speedwell.run.HeapNeed;
import io.speedwell.run.plan.Plan;
import java.util.List;
import picocli.CommandLine.Option;

/** The option for the memory of updates, the same for a server and for what checks its machine. */
public final class BudgetOption {
  private static final ByteSize DEFAULT = new ByteSize(256L << 20);

  @Option(
      names = "--budget",
      paramLabel = "BYTES",
      converter = ByteSize.Converter.class,
      description =
          "Memory for updates on their way in, such as 64M or 2G. Not given: 256M, or half of the"
              + " heap that server and plans leave, if that is less.")
  private ByteSize given;

  /** What is given, or what suits a server with this heap and runs of these plans. */
  public ByteSize size(long heap, List<Plan> plans) {
    if (given != null) {
      return given;
    }
    long left = heap - HeapNeed.SERVER - HeapNeed.of(plans);
    long halfMb = Math.max(1, left / 2 >> 20);
    return halfMb << 20 < DEFAULT.bytes() ? new ByteSize(halfMb << 20) : DEFAULT;
  }
}
