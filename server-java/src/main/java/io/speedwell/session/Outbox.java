package io.speedwell.session;

import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * The actions of one event, in order; what they send is metered. Lives for the length of one call.
 */
final class Outbox {
  private final List<SessionAction> actions = new ArrayList<>(4);
  private long received;
  private long sent;

  /**
   * @param received bytes of frames from the device that were not reported yet
   * @param sent bytes of frames to it
   */
  Outbox(long received, long sent) {
    this.received = received;
    this.sent = sent;
  }

  /** Counts a frame of the device. */
  void received(int bytes) {
    received += bytes;
  }

  void send(ToDevice message) {
    sent += Frames.frameSize(message);
    actions.add(new SessionAction.Send(message));
  }

  void chunk(SessionAction.SendChunk chunk) {
    sent += chunk.frameSize();
    actions.add(chunk);
  }

  void publish(FleetEvent event) {
    actions.add(new SessionAction.Publish(event));
  }

  void add(SessionAction action) {
    actions.add(action);
  }

  /** Bytes since this was asked last. */
  Traffic takeTraffic() {
    Traffic traffic = new Traffic(received, sent);
    received = 0;
    sent = 0;
    return traffic;
  }

  /** Bytes from the device that were not reported yet. */
  long received() {
    return received;
  }

  /** Bytes to it. */
  long sent() {
    return sent;
  }

  List<SessionAction> actions() {
    return actions;
  }
}
