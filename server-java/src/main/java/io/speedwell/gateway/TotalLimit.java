package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import java.util.concurrent.atomic.AtomicInteger;

/** Turns new connections away when there are as many as there may be. Thread-safe. */
@Sharable
final class TotalLimit extends Admission {
  private final int most;
  private final Refusals refusals;
  private final AtomicInteger open = new AtomicInteger();
  private final ChannelFutureListener closed = future -> open.decrementAndGet();

  TotalLimit(int most, Refusals refusals) {
    this.most = most;
    this.refusals = refusals;
  }

  /** Connections there are now. */
  int open() {
    return open.get();
  }

  @Override
  boolean admit(Channel channel) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      refusals.refuse(channel, Refusals.Reason.TOTAL, most);
      return false;
    }
    channel.closeFuture().addListener(closed);
    return true;
  }
}
