package io.speedwell.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands before a session until the first message, which is a hello or the end. One address may
 * have so many connections here; those beyond are turned away. It leaves the pipeline with that
 * message, so that a device that is in costs nothing. Confined to the channel's event loop.
 */
final class StrangerGate extends ChannelInboundHandlerAdapter {
  private final SourceCount strangers;
  private final Refusals refusals;
  private Source source; // null: not counted

  /**
   * @param strangers shared by all connections
   */
  StrangerGate(SourceCount strangers, Refusals refusals) {
    this.strangers = strangers;
    this.refusals = refusals;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Source from = Source.of(context.channel());
    if (strangers.enter(from)) {
      source = from;
      context.fireChannelActive();
    } else {
      refusals.refuse(context.channel(), Refusals.Reason.STRANGERS, strangers.most());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (source != null) {
      context.pipeline().remove(this);
      context.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  /** Nobody behind the gate has heard of a connection that was turned away. */
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (source != null) {
      context.fireChannelInactive();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (source != null) {
      strangers.leave(source);
      source = null;
    }
  }
}
