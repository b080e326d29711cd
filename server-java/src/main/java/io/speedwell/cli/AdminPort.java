package io.speedwell.cli;

import io.speedwell.admin.AdminAccess;
import io.speedwell.admin.AdminServer;
import io.speedwell.admin.Backups;
import io.speedwell.admin.EventHub;
import io.speedwell.admin.Metrics;
import io.speedwell.admin.Readiness;
import io.speedwell.gateway.Gateway;
import io.speedwell.gateway.Refusals;
import io.speedwell.protocol.ByeReason;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunListeners;
import io.speedwell.session.UpdateBudget;
import io.speedwell.store.Backup;
import io.speedwell.store.DataFolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The admin port of a server in this process: first made, so that it hears everything; opened once
 * the server takes devices. Confined to one thread, but for {@link #close}.
 */
final class AdminPort implements AutoCloseable {
  private final Path folder;
  private final EventHub events = new EventHub();
  private final Metrics metrics = new Metrics();
  private final Readiness readiness = new Readiness();
  private AdminServer server;

  /**
   * @param folder the data folder, where the CLI looks for the address and the token
   */
  AdminPort(Path folder) {
    this.folder = folder;
  }

  /** What must hear the server's runs. */
  RunListener listener() {
    return new RunListeners(metrics, readiness, events.listener());
  }

  /**
   * Listens.
   *
   * @return where, such as {@code http://127.0.0.1:7701}
   * @throws UserError when the address cannot be listened on, or the files cannot be written
   */
  String open(InetSocketAddress address, FleetServer fleet, DataFolder data) {
    figures(fleet);
    String token = AdminAccess.newToken();
    try {
      server =
          AdminServer.start(
              address,
              token,
              new AdminServer.Subjects(
                  fleet.coordinator(),
                  data.runs(),
                  new FolderPlans(folder, data.plans()),
                  to -> made(data.backup().make(to)),
                  events,
                  metrics,
                  readiness::problems));
    } catch (IOException e) {
      throw new UserError(
          ExitCodes.ADDRESS,
          "the admin port cannot listen on %s: %s; --admin takes another address, --no-admin none"
              .formatted(Address.format(address), Problems.describe(e)),
          e);
    }
    String url = "http://" + Address.format(server.address());
    try {
      new AdminAccess(url, token).save(folder);
    } catch (IOException e) {
      throw Problems.folder(folder, e);
    }
    return url;
  }

  private static Backups.Made made(Backup.Made made) {
    return new Backups.Made(made.folder().toString(), made.checkpoints(), made.bytes());
  }

  private void figures(FleetServer fleet) {
    Gateway gateway = fleet.gateway();
    metrics.gauge("speedwell.connections", "Connections of devices", gateway::open);
    for (Refusals.Reason reason : Refusals.Reason.values()) {
      metrics.counter(
          "speedwell.connections.refused",
          "Connections that were turned away",
          () -> gateway.refusals().count(reason),
          "reason",
          reason.name().toLowerCase(Locale.ROOT));
    }
    for (ByeReason reason : ByeReason.values()) {
      if (reason != ByeReason.UNRECOGNIZED) {
        metrics.counter(
            "speedwell.goodbyes",
            "Connections that the server ended in words",
            () -> gateway.goodbyes().count(reason),
            "reason",
            reason.name().substring("BYE_".length()).toLowerCase(Locale.ROOT));
      }
    }
    String bytes = "speedwell.connection.bytes";
    String ofAll = "Bytes on all connections of devices";
    metrics.counter(bytes, ofAll, () -> gateway.traffic().received(), "direction", "received");
    metrics.counter(bytes, ofAll, () -> gateway.traffic().sent(), "direction", "sent");
    UpdateBudget budget = fleet.budget();
    String size = "speedwell.update.budget.bytes";
    metrics.gauge(size, "Memory for updates", budget::capacity, "state", "all");
    metrics.gauge(size, "Memory for updates", budget::free, "state", "free");
    metrics.gauge(
        "speedwell.update.budget.waiting", "Updates that wait for memory", budget::waiting);
    metrics.gauge(
        "speedwell.mailbox.waiting",
        "Events that wait for the coordinator",
        fleet.coordinator()::waiting);
    metrics.counter(
        "speedwell.mailbox.overruns",
        "Events that came while too many waited",
        fleet.coordinator()::overruns);
    metrics.gauge(
        "speedwell.folds.waiting", "Parts of updates that wait to be folded", fleet::foldsWaiting);
    metrics.gauge("speedwell.store.waiting", "Calls that wait for the store", fleet::storeWaiting);
    events.show(metrics);
  }

  /** No more devices are let in. */
  void drain() {
    readiness.drain();
  }

  @Override
  public void close() {
    events.close();
    if (server != null) {
      try {
        AdminAccess.remove(folder);
      } catch (IOException e) {
        // stale files are replaced at the next start, and lead nowhere until then
      }
      server.close();
    }
    metrics.close();
  }
}
