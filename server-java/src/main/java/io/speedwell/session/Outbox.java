package io.speedwell.session;

import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * The actions of one event, in order; what they send is metered. Lives for the length of one call.
 */
final class Outbox {
  /** Counts the bytes of frames both ways until they are reported. */
  static final class Meter {
    private long received;
    private long sent;

    void received(long bytes) {
      received += bytes;
    }
  }

  private final List<SessionAction> actions = new ArrayList<>(4);
  private final Meter meter;

  Outbox(Meter meter) {
    this.meter = meter;
  }

  void send(ToDevice message) {
    meter.sent += Frames.frameSize(message);
    actions.add(new SessionAction.Send(message));
  }

  void chunk(SessionAction.SendChunk chunk) {
    meter.sent += chunk.frameSize();
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
    Traffic traffic = new Traffic(meter.received, meter.sent);
    meter.received = 0;
    meter.sent = 0;
    return traffic;
  }

  List<SessionAction> actions() {
    return actions;
  }
}
