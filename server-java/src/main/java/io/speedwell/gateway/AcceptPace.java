package io.speedwell.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * On a listener: takes no more connections in a slice of time than the pace allows. Those beyond it
 * wait in the system's queue, so that a storm costs time and nobody is turned away. Confined to the
 * listener's event loop.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {
  /** Length of a slice. */
  static final int SLICE_MS = 50;

  private final int perSlice;
  private int left;
  private boolean running;

  AcceptPace(int perSecond) {
    this.perSlice = (int) Math.max(1, (long) perSecond * SLICE_MS / 1_000);
    this.left = perSlice;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!running) {
      running = true;
      context.executor().schedule(() -> slice(context), SLICE_MS, TimeUnit.MILLISECONDS);
    }
    left--;
    if (left <= 0) {
      context.channel().config().setAutoRead(false);
    }
    context.fireChannelRead(message);
  }

  /** A slice is over. One read takes several connections; what was too much is made up for. */
  private void slice(ChannelHandlerContext context) {
    running = left < perSlice;
    left = Math.min(perSlice, left + perSlice);
    if (running) {
      context.executor().schedule(() -> slice(context), SLICE_MS, TimeUnit.MILLISECONDS);
    }
    if (left > 0 && !context.channel().config().isAutoRead()) {
      context.channel().config().setAutoRead(true);
    }
  }
}
