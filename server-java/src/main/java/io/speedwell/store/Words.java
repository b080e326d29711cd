package io.speedwell.store;

import java.util.List;
import java.util.StringJoiner;

/** Words for people. Pure functions. */
final class Words {
  private Words() {}

  /** Ascending numbers, such as {@code 0, 10, 14-23}. */
  static String ranges(List<Integer> numbers) {
    StringJoiner words = new StringJoiner(", ");
    for (int i = 0; i < numbers.size(); ) {
      int first = numbers.get(i);
      int last = first;
      for (i++; i < numbers.size() && numbers.get(i) == last + 1; i++) {
        last++;
      }
      words.add(first == last ? Integer.toString(first) : first + "-" + last);
    }
    return words.toString();
  }
}
