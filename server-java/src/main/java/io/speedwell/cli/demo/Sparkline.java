package io.speedwell.cli.demo;

import java.util.List;

/** A curve in one line of text: one character per value of 0..1, the latest at the right. */
final class Sparkline {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String ASCII = "_.,-=+*#";

  private Sparkline() {}

  /** At most {@code width} characters; earlier values are left out first. */
  static String of(List<Double> values, int width, boolean unicode) {
    String levels = unicode ? BLOCKS : ASCII;
    StringBuilder line = new StringBuilder();
    for (double value : values.subList(Math.max(0, values.size() - width), values.size())) {
      int level = (int) (Math.max(0, Math.min(1, value)) * levels.length());
      line.append(levels.charAt(Math.min(level, levels.length() - 1)));
    }
    return line.toString();
  }
}
