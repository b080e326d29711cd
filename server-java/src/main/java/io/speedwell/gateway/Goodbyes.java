package io.speedwell.gateway;

import io.speedwell.protocol.ByeReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts, by reason, the connections that the server ended with a goodbye. Thread-safe. */
public final class Goodbyes {
  private final Map<ByeReason, LongAdder> counts = new EnumMap<>(ByeReason.class); // never changed

  Goodbyes() {
    for (ByeReason reason : ByeReason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  /**
   * @param reason its number on the wire
   */
  void said(int reason) {
    ByeReason known = ByeReason.forNumber(reason);
    counts.get(known == null ? ByeReason.BYE_UNKNOWN : known).increment();
  }

  /** How many connections were ended for a reason. */
  public long count(ByeReason reason) {
    return counts.get(reason).sum();
  }
}
