package io.speedwell.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A bad line between a device and the server: passes bytes on in pieces of random length, and once
 * in each direction either cuts the connection in the middle of a piece, or stops passing anything
 * on. Thread-safe.
 */
final class ChaosProxy implements AutoCloseable {
  private static final int PIECE_MAX = 300;

  /** What happens when a direction has passed so many bytes. */
  enum Fault {
    CUT,
    STALL
  }

  /** One direction of the line; its fault happens once, whatever connection is there then. */
  private static final class Way {
    private final CountDownLatch happened = new CountDownLatch(1);
    private final Fault fault;
    private long left;

    Way(Fault fault, long after) {
      this.fault = fault;
      this.left = after;
    }

    /** How many of so many bytes may pass. */
    synchronized int pass(int bytes) {
      if (happened.getCount() == 0) {
        return fault == Fault.CUT ? bytes : 0;
      }
      int passing = (int) Math.min(bytes, left);
      left -= passing;
      return passing;
    }

    synchronized boolean due() {
      return left == 0 && happened.getCount() > 0;
    }
  }

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int upstream;
  private final long seed;
  private final Way down;
  private final Way up;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /**
   * @param upstream the server's port
   * @param seed of the pieces' lengths
   * @param fault what happens
   * @param downAfter bytes towards the device after which it happens; Long.MAX_VALUE: never
   * @param upAfter bytes towards the server after which it happens
   */
  ChaosProxy(int upstream, long seed, Fault fault, long downAfter, long upAfter)
      throws IOException {
    this.upstream = upstream;
    this.seed = seed;
    this.down = new Way(fault, downAfter);
    this.up = new Way(fault, upAfter);
    LineThread.start("chaos", this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Waits until the fault has happened towards the device. */
  boolean awaitDownFault() throws InterruptedException {
    return down.happened.await(Child.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits until the fault has happened towards the server. */
  boolean awaitUpFault() throws InterruptedException {
    return up.happened.await(Child.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    for (int i = 0; true; i++) {
      Socket device = listener.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
      device.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.addAll(List.of(device, server));
      Random lengths = new Random(seed + i);
      LineThread.start("chaos", () -> pass(server, device, down, new Random(lengths.nextLong())));
      LineThread.start("chaos", () -> pass(device, server, up, new Random(lengths.nextLong() + 1)));
    }
  }

  private static void pass(Socket from, Socket to, Way way, Random lengths) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[PIECE_MAX];
      for (int n = in.read(piece, 0, 1 + lengths.nextInt(PIECE_MAX));
          n >= 0;
          n = in.read(piece, 0, 1 + lengths.nextInt(PIECE_MAX))) {
        out.write(piece, 0, way.pass(n));
        out.flush();
        if (way.due()) {
          way.happened.countDown();
          if (way.fault == Fault.CUT) {
            return;
          }
        }
      }
    }
  }
}
