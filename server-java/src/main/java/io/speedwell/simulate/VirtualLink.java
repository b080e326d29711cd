package io.speedwell.simulate;

import io.speedwell.model.SplitMix64;
import io.speedwell.session.SessionEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The wire between one {@link VirtualDevice} and the sessions of its connections, one after the
 * other. Confined to the scheduler's thread.
 */
public final class VirtualLink {
  private static final int WRITABLE_BELOW = 65_536; // bytes under way to the device

  private final String name;
  private final VirtualDevice device;
  private final LinkRules rules;
  private final VirtualGateway gateway;
  private final SplitMix64 random;
  private VirtualConnection connection; // null: there is none
  private long wakeAt = Long.MAX_VALUE;
  private long toServerAt; // when the last piece arrives
  private long toDeviceAt;
  private long toServerTotal;
  private long toDeviceTotal;
  private boolean dead;

  VirtualLink(String name, VirtualDevice device, LinkRules rules, VirtualGateway gateway) {
    this.name = name;
    this.device = device;
    this.rules = rules;
    this.gateway = gateway;
    this.random = new SplitMix64(rules.seed());
  }

  /** Bytes that have come from the device, over all connections. */
  public long bytesToServer() {
    return toServerTotal;
  }

  /** Bytes that have gone to the device, over all connections. */
  public long bytesToDevice() {
    return toDeviceTotal;
  }

  /** Cuts the connection there is; bytes under way are lost. The device may connect again. */
  public void cut() {
    if (connection != null) {
      VirtualConnection lost = connection;
      connection = null;
      if (!dead) {
        device.cut();
      }
      lost.closed();
      wake(0);
    }
  }

  /** The device is dead: its link is cut and it is never stepped again. */
  public void kill() {
    dead = true;
    cut();
  }

  /** The device has moved to another link; this one stays up with nobody at its end. */
  public void abandon() {
    dead = true;
  }

  String name() {
    return name;
  }

  VirtualGateway gateway() {
    return gateway;
  }

  void tell(long session, SessionEvent.Command command) {
    if (connection != null && connection.id() == session) {
      connection.deliver(command);
    }
  }

  /** Steps the device and moves bytes. */
  void turn() {
    if (dead) {
      return;
    }
    long now = gateway.scheduler().nowMs();
    wakeAt = Long.MAX_VALUE;
    if (connection != null) {
      connection.feed(device);
    }
    long next = device.step(now);
    byte[] sent = device.take();
    if (device.isOpen() && connection == null) {
      connection = new VirtualConnection(this);
    }
    if (sent.length > 0 && connection != null) {
      send(sent);
    }
    if (!device.isOpen() && connection != null) {
      VirtualConnection ended = connection;
      gateway
          .scheduler()
          .at(
              Math.max(toServerAt, now + rules.latencyMs()),
              () -> {
                ended.closed();
                forget(ended);
              });
    }
    if (connection != null && connection.feed(device)) {
      next = now; // it made room and got more
    }
    wake(next <= now ? rules.sliceMs() : next - now);
  }

  /** Has the device stepped after so many milliseconds at the latest. */
  void wake(long inMs) {
    long now = gateway.scheduler().nowMs();
    long at = inMs > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + inMs;
    if (at < wakeAt && !dead) {
      wakeAt = at;
      gateway
          .scheduler()
          .at(
              at,
              () -> {
                if (wakeAt == at) {
                  turn();
                }
              });
    }
  }

  private void send(byte[] bytes) {
    VirtualConnection to = connection;
    for (byte[] piece : pieces(bytes)) {
      toServerAt = Math.max(toServerAt, gateway.scheduler().nowMs() + rules.latencyMs());
      gateway
          .scheduler()
          .at(
              toServerAt,
              () -> {
                long before = toServerTotal;
                toServerTotal += piece.length;
                to.received(piece);
                if (crosses(rules.cutToServerAfter(), before, toServerTotal)) {
                  cut();
                }
              });
    }
  }

  /** Puts bytes on the way to the device. */
  void sendToDevice(VirtualConnection from, byte[] bytes) {
    for (byte[] piece : pieces(bytes)) {
      toDeviceAt = Math.max(toDeviceAt, gateway.scheduler().nowMs() + rules.latencyMs());
      gateway
          .scheduler()
          .at(
              toDeviceAt,
              () -> {
                if (from == connection) {
                  long before = toDeviceTotal;
                  toDeviceTotal += piece.length;
                  from.arrived(piece);
                  if (crosses(rules.cutToDeviceAfter(), before, toDeviceTotal)) {
                    cut();
                  } else {
                    turn();
                  }
                }
              });
    }
  }

  /** The server has closed: the device reads what it was sent, then meets the end of the stream. */
  void serverCloses(VirtualConnection from, boolean atOnce) {
    long at = atOnce ? gateway.scheduler().nowMs() : toDeviceAt + rules.sliceMs();
    gateway
        .scheduler()
        .at(
            at,
            () -> {
              if (from != connection) {
                from.closed();
              } else if (!atOnce && from.undelivered() > 0 && device.isOpen()) {
                turn();
                serverCloses(from, false);
              } else {
                turn();
                if (from == connection) {
                  cut();
                }
              }
            });
  }

  private void forget(VirtualConnection ended) {
    if (connection == ended) {
      connection = null;
      wake(0);
    }
  }

  boolean writable(int underWay) {
    return underWay < WRITABLE_BELOW;
  }

  private static boolean crosses(long mark, long before, long after) {
    return mark > 0 && before < mark && after >= mark;
  }

  private Iterable<byte[]> pieces(byte[] bytes) {
    if (rules.longestPiece() == 0) {
      return List.of(bytes);
    }
    var pieces = new ArrayList<byte[]>();
    int at = 0;
    while (at < bytes.length) {
      int drawn = 1 + (int) Long.remainderUnsigned(random.next(), rules.longestPiece());
      int end = Math.min(bytes.length, at + drawn);
      pieces.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return pieces;
  }
}
