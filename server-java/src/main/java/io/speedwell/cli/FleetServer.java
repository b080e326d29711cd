package io.speedwell.cli;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.gateway.FleetEvents;
import io.speedwell.gateway.Gateway;
import io.speedwell.run.Coordinator;
import io.speedwell.run.CoordinatorSettings;
import io.speedwell.run.RangeFolding;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunSpec;
import io.speedwell.run.RunStore;
import io.speedwell.run.Wish;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.UpdateBudget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole fleet server in this process: gateway, coordinator, fold workers, store thread.
 * Thread-safe.
 *
 * <p>Started in the order store, coordinator, gateway; ended in the opposite one, so that nobody is
 * told what nobody can do any more.
 */
public final class FleetServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetServer.class);
  private static final int COME_BACK_MS = 1_000;
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /**
   * What a server is made with.
   *
   * @param address to listen on; port 0 takes any free one
   * @param allowPlaintext whether an address other than loopback may be listened on without TLS
   * @param limits of connections
   * @param budget bytes for updates that are being received or folded
   * @param heap bytes that server, updates and runs may take together; runs beyond it are refused
   * @param loops event loops, 1 or more
   * @param folders fold workers, 1 or more
   * @param drain how long the end may take: commits under way, goodbyes, threads
   */
  public record Settings(
      InetSocketAddress address,
      boolean allowPlaintext,
      ConnectionLimits limits,
      long budget,
      long heap,
      int loops,
      int folders,
      Duration drain) {
    /** As many threads as the machine has processors. */
    public static Settings of(InetSocketAddress address, boolean allowPlaintext, long budget) {
      int processors = Runtime.getRuntime().availableProcessors();
      return new Settings(
          address,
          allowPlaintext,
          ConnectionLimits.DEFAULTS,
          budget,
          Runtime.getRuntime().maxMemory(),
          processors,
          processors,
          DRAIN);
    }

    /** The same with another time for its end. */
    public Settings drainWithin(Duration limit) {
      return new Settings(address, allowPlaintext, limits, budget, heap, loops, folders, limit);
    }

    /** The same with other limits. */
    public Settings limitedTo(ConnectionLimits other) {
      return new Settings(address, allowPlaintext, other, budget, heap, loops, folders, drain);
    }
  }

  private final MailboxThread mailbox = new MailboxThread();
  private final ThreadPoolExecutor storeThread = worker("store");
  private final List<ThreadPoolExecutor> folders;
  private final UpdateBudget budget;
  private final Duration drain;
  private final Gateway gateway;
  private final Coordinator coordinator;
  private final InetSocketAddress address;
  private boolean closed;

  private FleetServer(Settings settings, RunStore store, RunListener listener) throws IOException {
    drain = settings.drain();
    budget = new UpdateBudget(settings.budget());
    folders = Stream.generate(() -> worker("fold")).limit(settings.folders()).toList();
    gateway =
        new Gateway(
            settings.loops(), SessionSettings.DEFAULTS, settings.limits(), budget, mailbox::nowMs);
    coordinator =
        new Coordinator(
            settings(settings.budget(), settings.heap()),
            new SecureRandom()::nextLong,
            mailbox,
            mailbox,
            gateway.sessions(),
            new RangeFolding(folders),
            store,
            storeThread,
            listener);
    address = listen(settings.address());
  }

  /**
   * Starts a server; devices may come at once.
   *
   * @param store what must be durable; the caller closes it after the server
   * @param listener hears what happens
   * @throws UserError when the address cannot be listened on
   */
  public static FleetServer start(Settings settings, RunStore store, RunListener listener) {
    InetSocketAddress address = settings.address();
    if (!address.getAddress().isLoopbackAddress() && !settings.allowPlaintext()) {
      throw new UserError(
          ExitCodes.ADDRESS,
          Address.format(address)
              + " is not this machine's loopback, and connections are not encrypted: give"
              + " --allow-plaintext if the network is trusted, or listen on 127.0.0.1");
    }
    try {
      return new FleetServer(settings, store, listener);
    } catch (IOException e) {
      throw new UserError(
          ExitCodes.ADDRESS,
          "cannot listen on %s: %s; --listen takes another address"
              .formatted(Address.format(address), Problems.describe(e)),
          e);
    }
  }

  /** The address that is listened on. */
  public InetSocketAddress address() {
    return address;
  }

  /** The owner of its runs. */
  Coordinator coordinator() {
    return coordinator;
  }

  /** Its connections. */
  Gateway gateway() {
    return gateway;
  }

  /** Memory for updates. */
  UpdateBudget budget() {
    return budget;
  }

  /** Parts of updates that wait to be folded. */
  int foldsWaiting() {
    return folders.stream().mapToInt(folder -> folder.getQueue().size()).sum();
  }

  /** Calls of the store that wait for the one under way. */
  int storeWaiting() {
    return storeThread.getQueue().size();
  }

  /** Begins a run, or goes on with it from its last committed round. */
  public void run(RunSpec spec) {
    coordinator.start(spec);
  }

  /** Begins a run as the operator wants it. */
  void run(RunSpec spec, Wish wish) {
    coordinator.start(spec, wish, answer -> {}); // what comes of it the listener hears
  }

  /**
   * Says goodbye to every device, finishes a commit under way, and ends, in the time it may take.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    Deadline deadline = new Deadline(drain);
    gateway.stopListening();
    CountDownLatch drained = new CountDownLatch(1);
    coordinator.drain(COME_BACK_MS, drained::countDown);
    try {
      drained.await(deadline.leftMs() / 2, TimeUnit.MILLISECONDS); // the rest is for goodbyes
      gateway.sayGoodbye(COME_BACK_MS);
      gateway.awaitQuiet(Duration.ofMillis(deadline.leftMs() / 2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end(deadline);
  }

  private void end(Deadline deadline) {
    gateway.close();
    folders.forEach(folder -> finish(folder, deadline));
    mailbox.close();
    if (!finish(storeThread, deadline)) {
      LOG.warn(
          "the end took longer than {} ms, the store does not answer; what was not committed is"
              + " done again after the next start",
          drain.toMillis());
    }
  }

  /** One thread; what waits for it is bounded by who gives it work: a run, the update budget. */
  private static ThreadPoolExecutor worker(String name) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.MILLISECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(name));
  }

  /** Whether it has ended in time. */
  private static boolean finish(ExecutorService executor, Deadline deadline) {
    executor.shutdown();
    try {
      return executor.awaitTermination(deadline.leftMs(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private InetSocketAddress listen(InetSocketAddress on) throws IOException {
    try {
      return gateway.listen(
          on,
          new FleetEvents() {
            @Override
            public boolean publish(FleetEvent event) {
              return coordinator.publish(event);
            }

            @Override
            public void whenRoom(Runnable room) {
              coordinator.whenRoom(room);
            }
          });
    } catch (IOException e) {
      end(new Deadline(drain));
      throw e;
    }
  }

  private static CoordinatorSettings settings(long budget, long heap) {
    CoordinatorSettings d = CoordinatorSettings.DEFAULTS;
    return new CoordinatorSettings(
        d.mailbox(),
        d.devices(),
        budget,
        heap,
        d.duplicateRetryMs(),
        d.partialHoldMs(),
        d.storeRetryMs());
  }
}
