package io.speedwell.e2e;

import io.speedwell.harness.Tap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A line between a device process and the server whose bytes are seen by a {@link Tap} before they
 * go on. A device that comes back is heard when its earlier connection has ended. Thread-safe.
 */
final class Wiretap implements AutoCloseable {
  private static final int PIECE = 4_096;

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final int upstream;
  private final Tap tap;

  Wiretap(int upstream, Tap tap) throws IOException {
    this.upstream = upstream;
    this.tap = tap;
    LineThread.start("wiretap", this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (true) {
      try (Socket device = listener.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
        device.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.addAll(List.of(device, server));
        synchronized (tap) {
          tap.connected();
        }
        Thread down = LineThread.start("wiretap", () -> pass(server, device, false));
        pass(device, server, true);
        down.join();
        sockets.removeAll(List.of(device, server));
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts it", e);
      }
    }
  }

  private void pass(Socket from, Socket to, boolean up) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] piece = new byte[PIECE];
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        byte[] bytes = Arrays.copyOf(piece, n);
        synchronized (tap) {
          if (up) {
            tap.sent(bytes);
          } else {
            tap.received(bytes);
          }
        }
        out.write(bytes);
        out.flush();
      }
    } catch (IOException e) {
      // a connection ended: that is what devices under test do
    }
  }
}
