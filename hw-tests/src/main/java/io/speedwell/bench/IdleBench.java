package io.speedwell.bench;

import com.google.protobuf.ByteString;
import io.speedwell.cli.FleetServer;
import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.ToServer;
import io.speedwell.run.RunListener;
import io.speedwell.simulate.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What an idle device costs the fleet server: heap in use and growth of resident memory for each of
 * 19,000 connections that said hello, were let in and wait. The devices are another process, at
 * addresses 127.0.0.2 and following. Memory is looked at after collections, with the first 4,000
 * devices and again with all: what they have in common is not counted.
 */
public final class IdleBench {
  private static final int FIRST = 4_000; // classes, code and buffers are there then
  private static final ConnectionLimits LIMITS = new ConnectionLimits(32_768, 0, 4_096, 2_000);
  private static final int PER_ADDRESS = 4_000; // more slow connecting down

  private IdleBench() {}

  /** Memory in bytes. */
  private record Memory(long heap, long resident) {}

  /**
   * Prints the figures. Arguments: connections (default 16,000, which a server takes unless told
   * otherwise).
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2) {
      devices(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
      return;
    }
    int connections = arguments.length == 1 ? Integer.parseInt(arguments[0]) : 19_000;
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    try (FleetServer server =
        FleetServer.start(
            new FleetServer.Settings(
                any, false, LIMITS, 1 << 20, Long.MAX_VALUE, 2, 1, Duration.ZERO),
            new MemoryStore(),
            RunListener.NONE)) {
      int port = server.address().getPort();
      Memory[] looks =
          with(
              port,
              FIRST,
              () -> new Memory[] {memory(), with(port, connections - FIRST, IdleBench::memory)});
      Memory before = looks[0];
      Memory after = looks[1];
      System.out.printf(
          "%,d idle devices: heap %,.0f bytes each, resident %,.0f bytes each%n",
          connections,
          (after.heap - before.heap) / (double) (connections - FIRST),
          (after.resident - before.resident) / (double) (connections - FIRST));
    }
  }

  private interface Look<T> {
    T look() throws Exception;
  }

  /** Connects devices, looks, and ends them. */
  private static <T> T with(int port, int connections, Look<T> look) throws Exception {
    Process devices =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                IdleBench.class.getName(),
                Integer.toString(port),
                Integer.toString(connections))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = new BufferedReader(new InputStreamReader(devices.getInputStream()))) {
      if (!"connected".equals(out.readLine())) {
        throw new IOException("the devices could not connect");
      }
      return look.look();
    } finally {
      devices.destroy();
      devices.waitFor();
    }
  }

  private static Memory memory() throws Exception {
    MemoryMXBean bean = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < 3; i++) {
      bean.gc();
    }
    return new Memory(bean.getHeapMemoryUsage().getUsed(), resident());
  }

  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1_024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }

  // ---- the devices

  private static void devices(int port, int connections) throws Exception {
    List<SocketChannel> open = new ArrayList<>();
    ByteBuffer answer = ByteBuffer.allocate(256);
    for (int i = 0; i < connections; i++) {
      byte[] from = {127, 0, 0, (byte) (2 + i / PER_ADDRESS)};
      SocketChannel channel = SocketChannel.open();
      channel.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
      channel.connect(new InetSocketAddress("127.0.0.1", port));
      ToServer hello =
          ToServer.newBuilder()
              .setHello(
                  Hello.newBuilder()
                      .setVersionMin(1)
                      .setVersionMax(1)
                      .setDeviceId(ByteString.copyFromUtf8(connections + "-" + i))
                      .setFrameLimit(256)
                      .setKinds(1 << 1)
                      .setRoles(1 << 1 | 1 << 2 | 1 << 16)
                      .setEncodings(1)
                      .setParameterCapacity(10_000)
                      .setKeepAliveMs(3_600_000)
                      .setSelfTest(1))
              .build();
      ByteBuffer frame = ByteBuffer.allocate(256);
      frame.put((byte) hello.getSerializedSize()).put(hello.toByteArray()).flip();
      channel.write(frame);
      channel.read(answer.clear()); // nobody overruns the backlog: each waits to be let in
      open.add(channel);
    }
    System.out.println("connected");
    System.in.read(); // the one who measures ends this process
  }
}
