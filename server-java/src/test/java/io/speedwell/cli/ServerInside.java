package io.speedwell.cli;

import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunListeners;
import io.speedwell.store.DataFolder;
import io.speedwell.store.StoreSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** A whole server with its admin port in this process, as {@code speedwell server} makes one. */
final class ServerInside implements AutoCloseable {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final DataFolder data;
  private final AdminPort admin;
  private final FleetServer server;

  private ServerInside(Path folder, ConnectionLimits limits, RunListener listener) {
    data = Data.open(folder, List.of(), StoreSettings.DEFAULTS);
    admin = new AdminPort(folder);
    server =
        FleetServer.start(
            FleetServer.Settings.of(ANY_PORT, false, 1 << 20).limitedTo(limits),
            data.runs(),
            new RunListeners(admin.listener(), listener));
    admin.open(ANY_PORT, server, data);
  }

  static ServerInside start(Path folder) {
    return start(folder, RunListener.NONE);
  }

  /** One that takes no more connections than these. */
  static ServerInside start(Path folder, ConnectionLimits limits) {
    return new ServerInside(folder, limits, RunListener.NONE);
  }

  /** One whose runs are heard by somebody else as well. */
  static ServerInside start(Path folder, RunListener listener) {
    return new ServerInside(folder, ConnectionLimits.DEFAULTS, listener);
  }

  /** Where devices connect. */
  InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
    admin.close();
    data.close();
  }
}
