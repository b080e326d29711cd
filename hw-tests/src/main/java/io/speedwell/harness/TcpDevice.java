package io.speedwell.harness;

import io.speedwell.jna.NativeDevice;
import io.speedwell.jna.Wish;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * The C client with its pipe carried over TCP, on a thread of its own that sleeps when the client
 * wants nothing. The device belongs to that thread from {@link #start} to {@link #close} or {@link
 * #kill}.
 */
public final class TcpDevice implements AutoCloseable {
  private static final int SLICES = 16;
  private final NativeDevice device;
  private final InetSocketAddress server;
  private final Tap tap;
  private final Selector selector;
  private final Thread thread;
  private final ByteBuffer in = ByteBuffer.allocate(16_384).flip();
  private ByteBuffer out = ByteBuffer.allocate(0);
  private SocketChannel channel; // null: there is none
  private volatile boolean stop;
  private volatile boolean dead;

  private TcpDevice(NativeDevice device, InetSocketAddress server, Tap tap) throws IOException {
    this.device = device;
    this.server = server;
    this.tap = tap;
    this.selector = Selector.open();
    this.thread = new Thread(this::run, "device-" + device.options().id());
  }

  /** Connects the device, and again whenever the connection is lost. */
  public static TcpDevice start(NativeDevice device, InetSocketAddress server) {
    return start(device, server, Tap.NONE);
  }

  /**
   * Connects the device, and again whenever the connection is lost.
   *
   * @param tap sees what passes
   */
  public static TcpDevice start(NativeDevice device, InetSocketAddress server, Tap tap) {
    try {
      TcpDevice started = new TcpDevice(device, server, tap);
      device.reach(true);
      started.thread.start();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says goodbye, and waits until the thread has ended. */
  @Override
  public void close() {
    stop = true;
    selector.wakeup();
    join();
  }

  /**
   * The device dies where it stands: it says nothing any more, and its connection is reset. From
   * any thread, also from the tap's; it is over soon after, {@link #join} waits for that.
   */
  public void kill() {
    dead = true;
    stop = true;
    selector.wakeup();
  }

  /** Waits until the device's thread has ended. */
  public void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long begin = System.nanoTime();
    try (selector) {
      while (!stop) {
        turn((System.nanoTime() - begin) / 1_000_000);
      }
      if (dead) {
        reset();
      } else {
        device.close();
        out = ByteBuffer.wrap(device.take());
        exchange();
      }
      hangUp();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void turn(long now) throws IOException {
    Wish wish = device.step(now, SLICES);
    if (device.isOpen() && channel == null) {
      connect();
    } else if (!device.isOpen()) {
      hangUp();
    }
    boolean moved = !stop && exchange();
    if (stop) {
      return;
    }
    if (moved || wish.cpu() || wish.read() && device.hasUnread()) {
      selector.selectNow();
    } else {
      select(Math.max(1, wish.wakeInMs(now)));
    }
    selector.selectedKeys().clear();
  }

  private void select(long ms) throws IOException {
    if (channel != null) {
      int writes = out.hasRemaining() ? SelectionKey.OP_WRITE : 0;
      int reads = in.hasRemaining() ? 0 : SelectionKey.OP_READ;
      channel.keyFor(selector).interestOps(reads | writes);
    }
    selector.select(ms);
  }

  private void connect() throws IOException {
    try {
      channel = SocketChannel.open(server);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, 0);
      tap.connected();
    } catch (IOException e) {
      lost();
    }
  }

  /** Moves what can be moved; true if something was. */
  private boolean exchange() throws IOException {
    if (channel == null) {
      return false;
    }
    try {
      if (!out.hasRemaining()) {
        byte[] bytes = device.take();
        out = ByteBuffer.wrap(bytes);
        tap.sent(bytes);
      }
      if (dead) {
        return false;
      }
      boolean moved = out.hasRemaining() && channel.write(out) > 0;
      if (!in.hasRemaining()) {
        in.clear();
        int read = channel.read(in);
        in.flip();
        if (read < 0) {
          lost();
          return true;
        }
        tap.received(Arrays.copyOf(in.array(), read));
        if (dead) {
          return false;
        }
      }
      if (in.hasRemaining()) {
        byte[] bytes = Arrays.copyOfRange(in.array(), in.position(), in.limit());
        int taken = device.put(bytes);
        in.position(in.position() + taken);
        moved |= taken > 0;
      }
      return moved;
    } catch (IOException e) {
      lost();
      return true;
    }
  }

  private void reset() throws IOException {
    if (channel != null) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }
  }

  private void lost() throws IOException {
    hangUp();
    device.cut();
  }

  private void hangUp() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
    out = ByteBuffer.allocate(0);
    in.clear().flip();
  }
}
