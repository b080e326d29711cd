package io.speedwell.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.speedwell.protocol.ByeReason;
import io.speedwell.run.SessionPort;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.Traffic;
import io.speedwell.session.UpdateBudget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The TCP side of the fleet server: listeners, event loops, and the sessions on them. Thread-safe.
 *
 * <p>Order of use: construct, {@link #listen} as often as wanted, {@link #stopListening}, {@link
 * #sayGoodbye}, {@link #close}.
 */
public final class Gateway implements AutoCloseable {
  private static final int BACKLOG = 4096;

  /** Bytes of one connection that wait in the system; its default is the megabytes of a window. */
  private static final long UNSENT_MOST = 65_536;

  private final boolean epoll = Epoll.isAvailable();
  private final MultiThreadIoEventLoopGroup group;
  private final Class<? extends ServerChannel> channelType;
  private final List<SessionLoop> loops;
  private final SessionSettings settings;
  private final ConnectionLimits limits;
  private final UpdateBudget budget;
  private final Refusals refusals;
  private final Goodbyes goodbyes = new Goodbyes();
  private final TotalLimit total;
  private final List<Admission> admissions;
  private final SourceCount strangers;
  private final List<Channel> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param threads event loops, 1 or more
   * @param settings of every session
   * @param limits of connections
   * @param budget memory for updates, shared by all sessions
   * @param clock milliseconds that never run backwards
   */
  public Gateway(
      int threads,
      SessionSettings settings,
      ConnectionLimits limits,
      UpdateBudget budget,
      LongSupplier clock) {
    this.settings = settings;
    this.limits = limits;
    this.budget = budget;
    this.refusals = new Refusals(clock);
    this.total = new TotalLimit(limits.total(), refusals);
    this.admissions =
        limits.perAddress() == 0
            ? List.of(total)
            : List.of(total, new AddressLimit(limits.perAddress(), refusals));
    this.strangers = new SourceCount(limits.strangersPerAddress());
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("gateway"), io);
    channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    List<SessionLoop> created = new ArrayList<>();
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      created.add(new SessionLoop(loop, created.size(), threads, clock));
    }
    loops = List.copyOf(created);
  }

  /** The way from the coordinator to the sessions. */
  public SessionPort sessions() {
    return (session, command) ->
        loops.get(SessionLoop.indexOf(session, loops.size())).tell(session, command);
  }

  /** The connections turned away. */
  public Refusals refusals() {
    return refusals;
  }

  /** The connections ended in words. */
  public Goodbyes goodbyes() {
    return goodbyes;
  }

  /** Bytes of all connections so far, those that wait to be sent included. */
  public Traffic traffic() {
    return loops.stream().map(SessionLoop::traffic).reduce(Traffic.NONE, Traffic::plus);
  }

  /** How many connections there are now. */
  public int open() {
    return total.open();
  }

  /**
   * Listens on an address.
   *
   * @param address port 0 takes any free one
   * @param events where the sessions publish
   * @return the address listened on
   * @throws IOException when it cannot be: the port is in use, the address is not this machine's
   */
  public InetSocketAddress listen(InetSocketAddress address, FleetEvents events)
      throws IOException {
    Map<EventLoop, SessionHandler.Surroundings> aroundOf = new IdentityHashMap<>();
    for (SessionLoop loop : loops) {
      aroundOf.put(
          loop.eventLoop(),
          new SessionHandler.Surroundings(
              loop, settings, budget, events, strangers, refusals, goodbyes));
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(channelType)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel listener) {
                    listener.pipeline().addLast(new AcceptPace(limits.acceptsPerSecond()));
                  }
                })
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Pipeline.setUp(channel, admissions, aroundOf.get(channel.eventLoop()));
                  }
                });
    if (epoll) {
      bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_MOST);
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw reason(bound.cause());
    }
    listeners.add(bound.channel());
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /** The system's own words, without the call they came from. */
  private static IOException reason(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    return new IOException(
        message.replaceFirst("^bind\\(.*\\) failed with error\\(-?\\d+\\): ", ""), problem);
  }

  /** Takes no more connections; those there are go on. */
  public void stopListening() {
    for (Channel listener : listeners) {
      listener.close().awaitUninterruptibly();
    }
    listeners.clear();
  }

  /**
   * Says goodbye to whoever is still there, above all to connections that have not said who they
   * are.
   *
   * @param comeBackMs when devices are asked to come back
   */
  public void sayGoodbye(int comeBackMs) {
    SessionEvent.Bye bye = new SessionEvent.Bye(ByeReason.BYE_SHUTDOWN_VALUE, comeBackMs, "");
    loops.forEach(loop -> loop.tellAll(bye));
  }

  /**
   * Waits until every connection has ended, as long as the limit allows.
   *
   * @return whether they have
   */
  public boolean awaitQuiet(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    for (Channel channel : connections()) {
      if (!channel.closeFuture().await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }

  /** What takes connections. */
  List<Channel> listeners() {
    return listeners;
  }

  /** The connections there are now. */
  List<Channel> connections() {
    return loops.stream().flatMap(loop -> loop.channels().stream()).toList();
  }

  /** Ends listeners, connections and event loops, at once. */
  @Override
  public void close() {
    stopListening();
    connections().forEach(channel -> channel.close().awaitUninterruptibly());
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
