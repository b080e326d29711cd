package io.speedwell.load;

import java.util.concurrent.atomic.AtomicLongArray;

/** What happened to the devices of a process. Thread-safe. */
final class Counts {
  /** Something that happens to a device. */
  enum Event {
    CONNECTED,
    REFUSED,
    WELCOMED,
    TASK,
    ACCEPTED,
    COMMITTED,
    CANCELLED,
    BYE,
    LOST
  }

  private final AtomicLongArray counts = new AtomicLongArray(Event.values().length);

  void add(Event event) {
    counts.incrementAndGet(event.ordinal());
  }

  /** One line: each event and how often it happened. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder("devices:");
    for (Event event : Event.values()) {
      line.append(' ').append(event.name().toLowerCase()).append(' ');
      line.append(counts.get(event.ordinal()));
    }
    return line.toString();
  }
}
