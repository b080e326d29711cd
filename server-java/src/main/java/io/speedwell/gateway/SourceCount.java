package io.speedwell.gateway;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many connections of a kind each source has; sources with none take no memory. Thread-safe.
 */
final class SourceCount {
  private final int most;
  private final ConcurrentMap<Source, Integer> counts = new ConcurrentHashMap<>();

  /**
   * @param most connections of one source, at least 1
   */
  SourceCount(int most) {
    this.most = most;
  }

  int most() {
    return most;
  }

  /** Counts one more; false: there are as many as there may be, and it is not counted. */
  boolean enter(Source source) {
    boolean[] entered = new boolean[1];
    counts.compute(
        source,
        (key, count) -> {
          int before = count == null ? 0 : count;
          entered[0] = before < most;
          return entered[0] ? Integer.valueOf(before + 1) : count;
        });
    return entered[0];
  }

  /** One that was counted is gone. */
  void leave(Source source) {
    counts.compute(source, (key, count) -> count == 1 ? null : count - 1);
  }

  int sources() {
    return counts.size();
  }
}
