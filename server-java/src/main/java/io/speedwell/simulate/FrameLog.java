package io.speedwell.simulate;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The frames of a simulation in the order they were sent or came whole: two runs of one seed have
 * equal logs.
 */
public final class FrameLog {
  private final List<String> lines = new ArrayList<>();

  void toServer(long timeMs, String link, byte[] frame) {
    lines.add(timeMs + " " + link + " > " + HexFormat.of().formatHex(frame));
  }

  void toDevice(long timeMs, String link, byte[] frame) {
    lines.add(timeMs + " " + link + " < " + HexFormat.of().formatHex(frame));
  }

  /**
   * One line per frame: milliseconds, link, direction as seen from the server's left, hex with
   * length prefix.
   */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
