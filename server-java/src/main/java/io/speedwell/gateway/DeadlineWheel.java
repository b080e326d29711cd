package io.speedwell.gateway;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The deadlines of one event loop's sessions, kept coarsely: an entry is called within one tick
 * after its deadline, never before. Setting a deadline costs a few pointer writes and no memory.
 * While there are no entries nothing runs. Confined to its event loop.
 */
final class DeadlineWheel {
  /** Milliseconds between two looks at the clock. */
  static final long TICK_MS = 50;

  private static final int SLOTS = 1024; // about 51 s; a later deadline is looked at once a turn

  /** Something with a deadline; it is its own node in the wheel. */
  abstract static class Entry {
    private Entry previous;
    private Entry next;
    private long due;

    /** The time has come, in milliseconds of the wheel's clock; the entry is out of the wheel. */
    abstract void expired(long now);
  }

  /** Where a slot's ring of entries begins and ends. */
  private static final class Head extends Entry {
    @Override
    void expired(long now) {
      throw new AssertionError("the head of a slot has no deadline");
    }
  }

  private final EventLoop loop;
  private final LongSupplier clock;
  private final Entry[] slots = new Entry[SLOTS];
  private long tick;
  private int entries;
  private boolean running;

  /**
   * @param clock milliseconds that never run backwards
   */
  DeadlineWheel(EventLoop loop, LongSupplier clock) {
    this.loop = loop;
    this.clock = clock;
    for (int i = 0; i < SLOTS; i++) {
      Entry head = new Head();
      head.previous = head;
      head.next = head;
      slots[i] = head;
    }
  }

  /** Sets or moves the deadline of an entry, in milliseconds of the clock. */
  void set(Entry entry, long due) {
    if (entry.next != null && due == entry.due) {
      return;
    }
    cancel(entry);
    if (!running) {
      tick = clock.getAsLong() / TICK_MS;
      running = true;
      scheduleTurn();
    }
    entry.due = due;
    insert(entry);
    entries++;
  }

  /** Takes an entry out; it may be set again. */
  void cancel(Entry entry) {
    if (entry.next != null) {
      unlink(entry);
      entries--;
    }
  }

  int size() {
    return entries;
  }

  private void scheduleTurn() {
    loop.schedule(this::turn, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private void turn() {
    long now = clock.getAsLong();
    long to = now / TICK_MS;
    // a loop that was held up looks at each slot once, however late it is
    tick = Math.max(tick, to - SLOTS);
    while (tick < to) {
      tick++;
      sweep(slots[(int) (tick % SLOTS)], now);
    }
    running = entries > 0;
    if (running) {
      scheduleTurn();
    }
  }

  private void sweep(Entry slot, long now) {
    Entry entry = slot.next;
    while (entry != slot) {
      Entry following = entry.next;
      if (entry.due <= now) {
        cancel(entry);
        entry.expired(now);
      }
      entry = following;
    }
  }

  private void insert(Entry entry) {
    // never into the slot that is being swept
    long at = Math.max(tick + 1, (entry.due + TICK_MS - 1) / TICK_MS);
    Entry slot = slots[(int) (at % SLOTS)];
    entry.next = slot;
    entry.previous = slot.previous;
    slot.previous.next = entry;
    slot.previous = entry;
  }

  private static void unlink(Entry entry) {
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
    entry.previous = null;
    entry.next = null;
  }
}
