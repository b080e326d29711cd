package io.speedwell.e2e;

import java.io.IOException;

/** Work on a line between a device and a server, on a thread that holds nobody up. */
final class LineThread {
  /** Ends with an exception when its connection or listener does. */
  interface Work {
    void run() throws IOException;
  }

  private LineThread() {}

  static Thread start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // a connection ended, or the listener was closed: that is what lines do
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
