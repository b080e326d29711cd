package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns connections away, counts them by reason, and says so: the first time at once, then once in
 * a while for all that came between. Thread-safe.
 */
public final class Refusals {
  /** Why a connection is not taken, or not kept. */
  public enum Reason {
    /** There are as many connections as there may be. */
    TOTAL("all %d connections are taken; --max-connections sets how many there may be"),
    /** Its address has as many as one may have. */
    ADDRESS("its address has %d connections; --max-per-address sets how many one may have"),
    /** Too many from its address have not said hello. */
    STRANGERS(
        "its address has %d connections that have not said hello; --max-strangers sets how many one"
            + " may have"),
    /** It has not taken the rest of a model that is not wanted any more. */
    SLOW_READER("it did not take what was on its way within %d ms of the end of its task");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final int REASONS = Reason.values().length;
  private static final long QUIET_MS = 10_000;

  private final LongSupplier clock;
  private final AtomicLongArray counts = new AtomicLongArray(REASONS);
  private final AtomicLongArray told = new AtomicLongArray(REASONS); // of these, how many
  private final AtomicLongArray quietUntil = new AtomicLongArray(REASONS);

  /**
   * @param clock milliseconds that never run backwards
   */
  Refusals(LongSupplier clock) {
    this.clock = clock;
    for (int i = 0; i < REASONS; i++) {
      quietUntil.set(i, Long.MIN_VALUE);
    }
  }

  /** How many connections were turned away for a reason. */
  public long count(Reason reason) {
    return counts.get(reason.ordinal());
  }

  /**
   * Resets a connection: nothing of it stays behind, here or in the system.
   *
   * @param limit the figure in the reason's words
   */
  void refuse(Channel channel, Reason reason, int limit) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    tell(channel, reason, limit);
    channel.close();
  }

  private void tell(Channel channel, Reason reason, int limit) {
    int index = reason.ordinal();
    long all = counts.incrementAndGet(index);
    long now = clock.getAsLong();
    long until = quietUntil.get(index);
    if (now >= until && quietUntil.compareAndSet(index, until, now + QUIET_MS)) {
      long before = told.getAndSet(index, all);
      LOG.warn(
          "{} is turned away ({} in all, {} since this was said last): {}",
          channel.remoteAddress(),
          all,
          all - before,
          reason.words.formatted(limit));
    }
  }
}
