package io.speedwell.simulate;

import io.speedwell.protocol.Frames;
import io.speedwell.protocol.Limits;
import io.speedwell.protocol.ToDevice;
import io.speedwell.session.Incoming;
import io.speedwell.session.Session;
import io.speedwell.session.SessionAction;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.UpdateBudget;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The server's end of one connection: frames, the strict reader, and the session that is driven as
 * the gateway does.
 */
final class VirtualConnection {
  private final VirtualLink link;
  private final VirtualScheduler scheduler;
  private final Session session;
  private final ArrayDeque<byte[]> arrived = new ArrayDeque<>(); // at the device, not taken yet
  private ByteBuffer incoming = ByteBuffer.allocate(0); // position 0 to limit: not framed yet
  private int frameLimit = Limits.FRAME_MIN;
  private int underWay; // bytes sent and not taken by the device
  private UpdateBudget.Request request;
  private long tickAt = Long.MAX_VALUE;
  private boolean closing;
  private boolean closed;

  VirtualConnection(VirtualLink link) {
    this.link = link;
    this.scheduler = link.gateway().scheduler();
    long id = link.gateway().open(this.link);
    this.session = new Session(id, link.gateway().settings(), scheduler.nowMs());
    watch();
  }

  long id() {
    return session.id();
  }

  /** Bytes that have arrived at the device and were not taken by it. */
  int undelivered() {
    return underWay;
  }

  // ---- from the device

  void received(byte[] bytes) {
    ByteBuffer joined = ByteBuffer.allocate(incoming.remaining() + bytes.length);
    incoming = joined.put(incoming).put(bytes).flip();
    while (!closing && !closed && incoming.hasRemaining()) {
      ByteBuffer frame = incoming.duplicate();
      int length = Frames.readLength(incoming, frameLimit);
      if (length < 0) {
        deliver(new SessionEvent.Malformed(Frames.brokenRule(length).word()));
      } else if (length == Frames.NEED_MORE || length > incoming.remaining()) {
        incoming = frame;
        return;
      } else {
        int size = incoming.position() - frame.position() + length;
        byte[] whole = new byte[size];
        frame.get(whole);
        link.gateway().log().toServer(scheduler.nowMs(), link.name(), whole);
        deliver(Incoming.read(incoming.slice(incoming.position(), length)));
        incoming.position(incoming.position() + length);
      }
    }
  }

  void closed() {
    if (!closed) {
      closed = true;
      perform(new SessionEvent.Closed());
      link.gateway().closed(id());
    }
  }

  // ---- to the device

  /** A piece has arrived at the device. */
  void arrived(byte[] piece) {
    arrived.add(piece);
  }

  /** Gives the device what it takes; true if it took something. */
  boolean feed(VirtualDevice device) {
    boolean fed = false;
    while (!arrived.isEmpty() && device.room() > 0) {
      byte[] piece = arrived.poll();
      int size = Math.min(piece.length, device.room());
      device.put(Arrays.copyOf(piece, size));
      if (size < piece.length) {
        arrived.addFirst(Arrays.copyOfRange(piece, size, piece.length));
      }
      underWay -= size;
      fed = true;
    }
    if (fed) {
      pump();
    }
    return fed;
  }

  private void send(byte[] frame) {
    underWay += frame.length;
    link.gateway().log().toDevice(scheduler.nowMs(), link.name(), frame);
    link.sendToDevice(this, frame);
  }

  private void pump() {
    while (!closed && session.wantsToSend() && link.writable(underWay)) {
      perform(new SessionEvent.Writable());
    }
  }

  // ---- the session

  void deliver(SessionEvent event) {
    if (closed && !(event instanceof SessionEvent.Reserved)) {
      return;
    }
    perform(event);
    pump();
  }

  private void perform(SessionEvent event) {
    for (SessionAction action : session.on(event, scheduler.nowMs())) {
      perform(action);
    }
    watch();
  }

  private void perform(SessionAction action) {
    if (action instanceof SessionAction.Send send) {
      send(frame(send.message()));
    } else if (action instanceof SessionAction.SendChunk chunk) {
      byte[] header = chunk.header();
      byte[] frame = Arrays.copyOf(header, header.length + chunk.length());
      chunk.blob().slice(chunk.offset(), chunk.length()).get(frame, header.length, chunk.length());
      send(frame);
    } else if (action instanceof SessionAction.FrameLimit limit) {
      frameLimit = limit.bytes();
    } else if (action instanceof SessionAction.Reserve reserve) {
      request =
          link.gateway()
              .budget()
              .request(
                  reserve.bytes(),
                  granted ->
                      scheduler.execute(
                          () -> deliver(new SessionEvent.Reserved(reserve.number(), granted))));
    } else if (action instanceof SessionAction.Withdraw) {
      request.withdraw();
    } else if (action instanceof SessionAction.Release release) {
      release.reservation().release();
    } else if (action instanceof SessionAction.Publish publish) {
      link.gateway().publish(publish.event());
    } else if (action instanceof SessionAction.Close close) {
      closing = true;
      link.serverCloses(this, close.atOnce());
    }
  }

  private static byte[] frame(ToDevice message) {
    ByteBuffer frame = ByteBuffer.allocate(Frames.frameSize(message));
    Frames.writeLength(message.getSerializedSize(), frame);
    return frame.put(message.toByteArray()).array();
  }

  private void watch() {
    long due = session.deadline();
    if (due < tickAt) {
      tickAt = due;
      scheduler.at(
          due,
          () -> {
            if (tickAt == due) {
              tickAt = Long.MAX_VALUE;
              deliver(new SessionEvent.Tick());
            }
          });
    }
  }
}
