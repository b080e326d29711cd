package io.speedwell.run.plan;

import java.util.Locale;

/**
 * One key of a plan.
 *
 * @param path full name, sections parted by dots; "[]" marks the entries of a list
 * @param type what its value is
 * @param fallback its value when it is absent, as a plan writes it; "required" or "none" where
 *     there is no such value; other words are explained in docs/plan.md
 * @param min least value (durations: ms; texts: characters)
 * @param max largest value
 */
record Key(String path, Type type, String fallback, double min, double max) {
  static final String REQUIRED = "required";
  static final String NONE = "none";

  enum Type {
    INTEGER,
    NUMBER,
    TEXT,
    DURATION,
    CHOICE,
    LIST,
    SECTION
  }

  /** The last part of the path. */
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** The section it stands in; empty at the top. */
  String section() {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  /** Whether a plan must state it. */
  boolean required() {
    return fallback.equals(REQUIRED);
  }

  /** The range as docs and messages write it. */
  String range() {
    return bound(min) + ".." + bound(max);
  }

  private String bound(double value) {
    if (type == Type.DURATION) {
      return Durations.format((long) value);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e16) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    return Double.toString(value);
  }
}
