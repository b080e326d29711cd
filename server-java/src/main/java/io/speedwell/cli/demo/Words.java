package io.speedwell.cli.demo;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What the demo says, in plain words. */
final class Words {
  private Words() {}

  static String shards(Shards shards) {
    List<Integer> sizes = shards.devices().stream().map(List::size).toList();
    int all = sizes.stream().mapToInt(Integer::intValue).sum();
    return format(
        "%,d handwritten digits: %d are held out, %,d go to %d devices, %d to %d each, skewed by"
            + " class.",
        all + shards.heldOut().size(),
        shards.heldOut().size(),
        all,
        sizes.size(),
        Collections.min(sizes),
        Collections.max(sizes));
  }

  static String alone(Report.Alone alone) {
    return format(
        "Alone, a device gets %.1f %% of the held-out digits right (mean; %.1f to %.1f %%).",
        100 * alone.meanAccuracy(),
        100 * Collections.min(alone.perDevice()),
        100 * Collections.max(alone.perDevice()));
  }

  static String starting(InetSocketAddress server, int devices) {
    return format(
        "Fleet server on %s:%d; %d device processes learn, one measures. Only weights travel.",
        server.getAddress().getHostAddress(), server.getPort(), devices);
  }

  /** One table, one sentence, where the model lies, what to try next. */
  static void ending(Report report, int heldOut, DemoOptions options, PrintStream out) {
    int rounds = report.rounds().size();
    double seconds = report.rounds().stream().mapToLong(Report.Round::milliseconds).sum() / 1000.0;
    double alone = 100 * report.alone().meanAccuracy();
    double together = 100 * report.outcome().accuracy();
    out.println();
    row(out, "accuracy on " + heldOut + " held-out digits", "");
    row(out, "  each device alone (mean)", "%.1f %%", alone);
    row(out, "  the best of them", "%.1f %%", 100 * Collections.max(report.alone().perDevice()));
    row(out, "  together", "%.1f %%", together);
    row(out, "rounds", "%d in %.1f s", rounds, seconds);
    row(out, "a round (median)", "%d ms", median(report.rounds()));
    row(
        out,
        "bytes beyond the weights",
        "%.0f per device and round",
        report.overheadBytesPerDeviceRound());
    out.println();
    out.println(
        format(
            "Together, sending nothing but weights, %d devices learned to read %.1f %% of digits"
                + " none of them had seen; alone they would read %.1f %%.",
            options.devices(), together, alone));
    out.println();
    Path model = Path.of(report.model().safetensors());
    out.println("The model: " + shown(model) + " (and model.npz, model.h beside it)");
    if (options.report() != null) {
      out.println("The report: " + shown(options.report()));
    }
    out.println("Next: ./speedwell model inspect " + shown(model));
    out.println("      ./speedwell demo --devices 20 --seed 2");
    out.println("      your own trainer in C: client-c/README.md");
  }

  private static void row(PrintStream out, String name, String format, Object... values) {
    out.println(format("%-34s%s", name, format(format, values)).stripTrailing());
  }

  private static long median(List<Report.Round> rounds) {
    List<Long> sorted = rounds.stream().map(Report.Round::milliseconds).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** Relative to where the user stands, if it lies below; quoted for a shell where it must be. */
  private static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath();
    String text = (absolute.startsWith(here) ? here.relativize(absolute) : absolute).toString();
    return text.matches("[\\w./+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
