package io.speedwell.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.speedwell.session.Incoming;
import io.speedwell.session.SessionEvent;

/**
 * Reads each frame's message and hands on what the session is to be told; the frame's memory is
 * given back after that. Stateless, shared by all channels.
 */
@Sharable
final class MessageDecoder extends ChannelInboundHandlerAdapter {

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof SessionEvent) {
      context.fireChannelRead(message);
      return;
    }
    ByteBuf frame = (ByteBuf) message;
    try {
      context.fireChannelRead(Incoming.read(frame.nioBuffer()));
    } finally {
      frame.release();
    }
  }
}
