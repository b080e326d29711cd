package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stands before a session while its connection is new, lets it pass and leaves the pipeline, or
 * turns the connection away; then nobody behind hears of it.
 */
abstract class Admission extends ChannelInboundHandlerAdapter {

  /** Whether a new connection may come in; if not, it is refused when this returns. */
  abstract boolean admit(Channel channel);

  @Override
  public final void channelActive(ChannelHandlerContext context) {
    if (admit(context.channel())) {
      context.pipeline().remove(this);
      context.fireChannelActive();
    }
  }

  @Override
  public final void channelInactive(ChannelHandlerContext context) {
    // who was turned away was never here
  }
}
