package io.speedwell.gateway;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Where connections come from, as limits count it: an IPv4 address, or the 64 bits of an IPv6
 * address that a network gives to one subscriber. Immutable.
 */
record Source(boolean wide, long bits) {

  /** The source of a connection. */
  static Source of(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? of(address.getAddress())
        : new Source(false, 0);
  }

  static Source of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == Integer.BYTES
        ? new Source(false, buffer.getInt())
        : new Source(true, buffer.getLong());
  }
}
