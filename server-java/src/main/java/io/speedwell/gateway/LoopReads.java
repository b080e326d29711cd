package io.speedwell.gateway;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sizes the reads of one event loop, and counts their bytes. A loop reads from one channel at a
 * time, from the first read to the last, so that one handle serves all of its channels, and none
 * has to carry its own. Confined to the event loop but for {@link #bytes}.
 */
final class LoopReads implements RecvByteBufAllocator {
  private static final int SMALLEST = 256;
  private static final int FIRST = 2_048;

  /**
   * Bytes of the largest read: several of the largest frames, so that few are divided by reads and
   * have to be copied. A loop holds one such buffer at a time, whatever the connections are.
   */
  private static final int LARGEST = 262_144;

  private static final int MOST_AT_ONCE = 16; // reads from a channel before the next has its turn

  private final LongAdder bytes = new LongAdder();
  private final Handle handle =
      new Counting(
          (ExtendedHandle)
              new AdaptiveRecvByteBufAllocator(SMALLEST, FIRST, LARGEST)
                  .maxMessagesPerRead(MOST_AT_ONCE)
                  .newHandle());

  @Override
  public Handle newHandle() {
    return handle;
  }

  /** Bytes read so far. */
  long bytes() {
    return bytes.sum();
  }

  private final class Counting extends DelegatingHandle implements ExtendedHandle {
    Counting(ExtendedHandle sizing) {
      super(sizing);
    }

    @Override
    public void lastBytesRead(int read) {
      super.lastBytesRead(read);
      if (read > 0) {
        bytes.add(read);
      }
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier more) {
      return ((ExtendedHandle) delegate()).continueReading(more);
    }
  }
}
