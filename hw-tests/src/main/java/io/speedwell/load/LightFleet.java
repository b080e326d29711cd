package io.speedwell.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Many light devices in one process, on one thread. Prints what happened to them, one line a
 * second, and ends when its standard input ends.
 *
 * <p>Arguments: port of the server on this machine, number of devices, {@link Behaviour}, the most
 * elements of a model. Every thousand devices have an address of their own: 127.1.0.0 and on.
 */
public final class LightFleet {
  private static final int PER_ADDRESS = 1_000;
  private static final int BACKOFF_FIRST_MS = 1_000;
  private static final int BACKOFF_MOST_MS = 16_000;
  private static final int STORM_MS = 10;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Counts counts = new Counts();
  private final InetSocketAddress server;
  private final Update update;
  private final ConcurrentMap<String, Integer> tries = new ConcurrentHashMap<>();
  private final Random random = new Random(1);

  private LightFleet(int port, int elements) {
    this.server = new InetSocketAddress("127.0.0.1", port);
    this.update = new Update(elements);
  }

  public static void main(String[] arguments) throws Exception {
    LightFleet fleet =
        new LightFleet(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[3]));
    int devices = Integer.parseInt(arguments[1]);
    Behaviour behaviour = Behaviour.valueOf(arguments[2].toUpperCase(Locale.ROOT));
    for (int i = 0; i < devices; i++) {
      fleet.connect(arguments[2] + "-" + i, behaviour);
    }
    fleet.group.scheduleAtFixedRate(() -> System.out.println(fleet.counts), 1, 1, TimeUnit.SECONDS);
    while (System.in.read() >= 0) {
      // it goes on until nobody wants it any more
    }
    System.exit(0);
  }

  void count(Counts.Event event) {
    counts.add(event);
  }

  /** A welcome ends a back-off. */
  void welcomed(String id) {
    tries.remove(id);
  }

  /** A connection is over: another one follows, when the server said or after a back-off. */
  void comeBack(String id, Behaviour behaviour, int retryAfterMs) {
    long wait;
    if (behaviour == Behaviour.STORM) {
      wait = STORM_MS;
    } else if (retryAfterMs > 0) {
      wait = retryAfterMs + random.nextInt(retryAfterMs / 8 + 1);
    } else {
      int n = tries.merge(id, 1, Integer::sum);
      wait = random.nextInt(Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS << Math.min(n - 1, 10)));
    }
    group.schedule(() -> connect(id, behaviour), wait, TimeUnit.MILLISECONDS);
  }

  private void connect(String id, Behaviour behaviour) {
    int number = Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_REUSEADDR, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new Messages(),
                            new LightDevice(LightFleet.this, id, behaviour, update));
                  }
                });
    if (behaviour == Behaviour.SLOW_READER) {
      bootstrap.option(ChannelOption.SO_RCVBUF, 4_096);
    }
    bootstrap
        .connect(server, new InetSocketAddress("127.1.0." + (1 + number / PER_ADDRESS), 0))
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                counts.add(Counts.Event.REFUSED);
                comeBack(id, behaviour, 0);
              }
            });
  }
}
