package io.speedwell.run.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant to write. */
final class Nearest {
  private Nearest() {}

  /** The candidate with the fewest edits, when they are at most half of its letters. */
  static Optional<String> of(String word, List<String> candidates) {
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int edits = edits(word, candidate);
      if (edits < fewest && 2 * edits <= Math.max(candidate.length(), 2)) {
        nearest = candidate;
        fewest = edits;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Levenshtein distance, case ignored and hyphens taken for underscores. */
  static int edits(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT).replace('-', '_');
    String b = to.toLowerCase(Locale.ROOT).replace('-', '_');
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
