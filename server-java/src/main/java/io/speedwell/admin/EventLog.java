package io.speedwell.admin;

import io.speedwell.run.RunListener;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs what runs and devices do: the event's name as the message, its fields as key and value. What
 * devices measured is not among them, not even together. Pure functions.
 */
public final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger("speedwell.events");
  private static final Set<String> TROUBLES = Set.of("run-failed", "store-failed");

  private EventLog() {}

  /** A listener that logs. */
  public static RunListener listener() {
    return new NamedEvents(EventLog::log);
  }

  private static void log(String type, String run, Map<String, Object> data) {
    LoggingEventBuilder event = LOG.atLevel(TROUBLES.contains(type) ? Level.WARN : Level.INFO);
    if (!run.isEmpty()) {
      event = event.addKeyValue("run", run);
    }
    for (Map.Entry<String, Object> field : data.entrySet()) {
      if (field.getValue() instanceof Views.Round round) {
        event =
            event
                .addKeyValue("devices", round.devices())
                .addKeyValue("partial", round.partial())
                .addKeyValue("refused", round.refused())
                .addKeyValue("lost", round.lost())
                .addKeyValue("collectingMs", round.collectingMs())
                .addKeyValue("receivedBytes", round.receivedBytes())
                .addKeyValue("sentBytes", round.sentBytes());
      } else if (!field.getKey().equals("metrics")) {
        event = event.addKeyValue(field.getKey(), field.getValue());
      }
    }
    event.log(type);
  }
}
