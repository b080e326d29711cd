package io.speedwell.run.plan;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as plans write them: a whole number and ms, s, m or h. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

  private Durations() {}

  /** Milliseconds; empty when the text is no duration. */
  public static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(matcher.group(1)) * factor(matcher.group(2)));
  }

  /** The shortest exact form. */
  public static String format(long ms) {
    for (String unit : new String[] {"h", "m", "s"}) {
      if (ms > 0 && ms % factor(unit) == 0) {
        return ms / factor(unit) + unit;
      }
    }
    return ms + "ms";
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "h" -> 3_600_000;
      case "m" -> 60_000;
      case "s" -> 1_000;
      default -> 1;
    };
  }
}
