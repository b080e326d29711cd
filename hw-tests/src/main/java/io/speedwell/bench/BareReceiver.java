package io.speedwell.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * What {@link IngestBench} compares the fleet server with: servers that know no frames, no devices
 * and no limits. Both read as the gateway does.
 */
final class BareReceiver {
  private static final int LARGEST_READ = 262_144; // bytes, as the gateway's

  private BareReceiver() {}

  /** Reads and discards. */
  static Channel discarding(EventLoopGroup group, InetSocketAddress any) {
    return listen(group, any, Discard::new);
  }

  /**
   * The least a server can do that keeps an update until it is whole: the checksum, one copy into
   * memory it has already, and a plain float sum, inexact, in the same thread.
   */
  static Channel summing(EventLoopGroup group, InetSocketAddress any) {
    float[] sum = new float[IngestBench.COUNT];
    return listen(group, any, () -> new Sum(sum));
  }

  private static Channel listen(
      EventLoopGroup group, InetSocketAddress any, Supplier<Taker> taker) {
    return new ServerBootstrap()
        .group(group)
        .channel(EpollServerSocketChannel.class)
        .childOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(256, 2_048, LARGEST_READ))
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(taker.get());
              }
            })
        .bind(any)
        .syncUninterruptibly()
        .channel();
  }

  private abstract static class Taker extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      take(in.internalNioBuffer(in.readerIndex(), in.readableBytes()));
      in.release();
    }

    abstract void take(ByteBuffer bytes);
  }

  private static final class Discard extends Taker {
    @Override
    void take(ByteBuffer bytes) {}
  }

  /** Takes the bytes as they come for elements, the few of frames' heads too. */
  private static final class Sum extends Taker {
    private final float[] sum;
    private final float[] values = new float[IngestBench.COUNT];
    private final CRC32C crc = new CRC32C();
    private int at;

    Sum(float[] sum) {
      this.sum = sum;
    }

    @Override
    void take(ByteBuffer bytes) {
      crc.update(bytes.duplicate());
      FloatBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      while (in.hasRemaining()) {
        int length = Math.min(in.remaining(), values.length - at);
        in.get(values, at, length);
        at += length;
        if (at == values.length) {
          add(sum, values, 0.1f);
          at = 0;
        }
      }
    }

    private static void add(float[] sum, float[] values, float weight) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weight * values[i];
      }
    }
  }
}
