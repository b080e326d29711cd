package io.speedwell.gateway;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * Sizes the reads of one event loop. A loop reads from one channel at a time, from the first read
 * to the last, so that one handle serves all of its channels, and none has to carry its own.
 * Confined to the event loop.
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

  private final Handle handle =
      new AdaptiveRecvByteBufAllocator(SMALLEST, FIRST, LARGEST)
          .maxMessagesPerRead(MOST_AT_ONCE)
          .newHandle();

  @Override
  public Handle newHandle() {
    return handle;
  }
}
