package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;

/** Turns away what one address has too many of. Thread-safe. */
@Sharable
final class AddressLimit extends Admission {
  private final SourceCount count;
  private final Refusals refusals;

  AddressLimit(int most, Refusals refusals) {
    this.count = new SourceCount(most);
    this.refusals = refusals;
  }

  @Override
  boolean admit(Channel channel) {
    Source source = Source.of(channel);
    if (!count.enter(source)) {
      refusals.refuse(channel, Refusals.Reason.ADDRESS, count.most());
      return false;
    }
    channel.closeFuture().addListener(closed -> count.leave(source));
    return true;
  }
}
