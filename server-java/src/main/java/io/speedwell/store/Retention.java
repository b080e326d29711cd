package io.speedwell.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Which checkpoints of a run are kept. The newest one always is, whatever the rule. Immutable.
 *
 * @param all whether every checkpoint is kept; the other fields then say nothing
 * @param last so many of the newest rounds, of those the run stands on and of all that were
 *     committed
 * @param every rounds whose number can be divided by this; 0: none
 * @param best the round with the best value of a metric
 */
public record Retention(boolean all, int last, int every, Optional<Best> best) {

  /** The largest, or smallest, value of a metric of the evaluators. */
  public record Best(String metric, boolean largest) {}

  /** A checkpoint that is there, in the order in which they were committed. */
  record Kept(int generation, int number, String sha256, boolean standing, OptionalDouble figure) {}

  /** Everything. */
  public static final Retention ALL = new Retention(true, 1, 0, Optional.empty());

  private static final String FORM =
      "'%s' is no rule such as 'last=10,every=10,max=accuracy' or 'all': %s";

  /**
   * Reads a rule: {@code all}, or any of {@code last=N} (1 without it), {@code every=K}, {@code
   * max=METRIC} and {@code min=METRIC}, with commas between.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  public static Retention parse(String text) {
    if (text.strip().equals("all")) {
      return ALL;
    }
    int last = 1;
    int every = 0;
    Optional<Best> best = Optional.empty();
    Set<String> seen = new HashSet<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      if (pair.length < 2 || !seen.add(pair[0])) {
        throw wrong(text, "'" + part.strip() + "' has no value or is there twice");
      }
      switch (pair[0]) {
        case "last" -> last = count(text, pair[1]);
        case "every" -> every = count(text, pair[1]);
        case "max", "min" -> {
          if (best.isPresent() || pair[1].isEmpty()) {
            throw wrong(text, "one metric can be the best");
          }
          best = Optional.of(new Best(pair[1], pair[0].equals("max")));
        }
        default -> throw wrong(text, "'" + pair[0] + "' is unknown");
      }
    }
    return new Retention(false, last, every, best);
  }

  private static int count(String text, String number) {
    try {
      int value = Integer.parseInt(number);
      if (value >= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(text, "'" + number + "' is no whole number from 1");
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException(FORM.formatted(text, why));
  }

  /** Those that are no longer kept. */
  List<Kept> excess(List<Kept> present) {
    if (all) {
      return List.of();
    }
    Set<Kept> keep = new HashSet<>(newest(present));
    keep.addAll(newest(present.stream().filter(Kept::standing).toList()));
    bestOf(present).ifPresent(keep::add);
    List<Kept> excess = new ArrayList<>(present);
    excess.removeIf(row -> keep.contains(row) || every > 0 && row.number() % every == 0);
    return excess;
  }

  private List<Kept> newest(List<Kept> rows) {
    return rows.subList(Math.max(0, rows.size() - last), rows.size());
  }

  /** The first of equals. */
  private Optional<Kept> bestOf(List<Kept> rows) {
    if (best.isEmpty()) {
      return Optional.empty();
    }
    Comparator<Kept> order = Comparator.comparingDouble(row -> row.figure().orElseThrow());
    return rows.stream()
        .filter(row -> row.figure().isPresent() && !Double.isNaN(row.figure().getAsDouble()))
        .min(best.get().largest() ? order.reversed() : order);
  }

  /** As it is written. */
  @Override
  public String toString() {
    if (all) {
      return "all";
    }
    return "last="
        + last
        + (every > 0 ? ",every=" + every : "")
        + best.map(b -> (b.largest() ? ",max=" : ",min=") + b.metric()).orElse("");
  }
}
