package io.speedwell.cli.demo;

import java.util.List;

/** A curve in one line of text: one character per value, the latest at the right. */
final class Sparkline {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final String ASCII = "_.,-=+*#";

  private Sparkline() {}

  /**
   * At most {@code width} characters; earlier values are left out first.
   *
   * @param values the smallest of all is drawn lowest, {@code top} highest
   */
  static String of(List<Double> values, double top, int width, boolean unicode) {
    String levels = unicode ? BLOCKS : ASCII;
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double step = (top - least) / levels.length();
    StringBuilder line = new StringBuilder();
    for (double value : values.subList(Math.max(0, values.size() - width), values.size())) {
      int level = step > 0 ? (int) ((value - least) / step) : 0;
      line.append(levels.charAt(Math.min(level, levels.length() - 1)));
    }
    return line.toString();
  }
}
