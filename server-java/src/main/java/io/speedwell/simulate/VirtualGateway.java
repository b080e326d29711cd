package io.speedwell.simulate;

import io.speedwell.run.SessionPort;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.UpdateBudget;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The driver of sessions in a simulation: does for virtual links what the gateway does for real
 * ones. Confined to the scheduler's thread.
 */
public final class VirtualGateway implements SessionPort {
  private final VirtualScheduler scheduler;
  private final SessionSettings settings;
  private final UpdateBudget budget;
  private final FrameLog log = new FrameLog();
  private final Map<Long, VirtualLink> bySession = new HashMap<>();
  private Consumer<FleetEvent> fleet = event -> {};
  private long lastSession;

  public VirtualGateway(VirtualScheduler scheduler, SessionSettings settings, UpdateBudget budget) {
    this.scheduler = scheduler;
    this.settings = settings;
    this.budget = budget;
  }

  /** Where sessions publish; to be told before the first device is attached. */
  public void publishTo(Consumer<FleetEvent> coordinator) {
    fleet = coordinator;
  }

  /** Puts a device at the end of a link and begins to step it. */
  public VirtualLink attach(String name, VirtualDevice device, LinkRules rules) {
    VirtualLink link = new VirtualLink(name, device, rules, this);
    scheduler.execute(link::turn);
    return link;
  }

  @Override
  public void tell(long session, SessionEvent.Command command) {
    scheduler.execute(
        () -> {
          VirtualLink link = bySession.get(session);
          if (link != null) {
            link.tell(session, command);
          }
        });
  }

  /** All frames so far. */
  public FrameLog log() {
    return log;
  }

  /** Sessions that are not over. */
  public int sessions() {
    return bySession.size();
  }

  VirtualScheduler scheduler() {
    return scheduler;
  }

  SessionSettings settings() {
    return settings;
  }

  UpdateBudget budget() {
    return budget;
  }

  void publish(FleetEvent event) {
    fleet.accept(event);
  }

  long open(VirtualLink link) {
    bySession.put(++lastSession, link);
    return lastSession;
  }

  void closed(long session) {
    bySession.remove(session);
  }
}
