package io.speedwell.session;

import io.speedwell.protocol.Frames;
import io.speedwell.protocol.ToDevice;
import java.util.ArrayList;
import java.util.List;

/** The actions of one event, in order, with the bytes they send. Lives for the length of one call. */
final class Outbox {
  private final List<SessionAction> actions = new ArrayList<>(4);
  private long bytes;

  void send(ToDevice message) {
    bytes += Frames.frameSize(message);
    actions.add(new SessionAction.Send(message));
  }

  void chunk(SessionAction.SendChunk chunk) {
    bytes += chunk.frameSize();
    actions.add(chunk);
  }

  void publish(FleetEvent event) {
    actions.add(new SessionAction.Publish(event));
  }

  void add(SessionAction action) {
    actions.add(action);
  }

  /** Bytes sent since this was asked last. */
  long takeBytes() {
    long taken = bytes;
    bytes = 0;
    return taken;
  }

  List<SessionAction> actions() {
    return actions;
  }
}
