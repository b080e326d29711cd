package io.speedwell.run;

import io.speedwell.session.FleetEvent;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The one owner of the fleet and the runs: a serial mailbox on an executor it is given. It has no thread and no clock
 * of its own; what it tells sessions, folds and stores goes through ports.
 */
public final class Coordinator {

  /**
   * @param settings limits
   * @param tokens source of session tokens: random in production, seeded in tests
   * @param executor runs the mailbox; tasks never run at the same time, whatever the executor does
   */
  public Coordinator(
      CoordinatorSettings settings,
      LongSupplier tokens,
      Executor executor,
      Timer timer,
      SessionPort sessions,
      Folding folding,
      RunStore store,
      Executor storeExecutor,
      RunListener listener) {}

  /**
   * Takes an event of a session; from any thread, never blocking. Events of one session are handled in order.
   *
   * @return false when the mailbox is fuller than it should be: the caller then stops reading from that link until
   *     {@link #whenRoom} calls back
   */
  public boolean publish(FleetEvent event) {
    return true;
  }

  /** Calls back, on any thread, once the mailbox has room; at once if it has. */
  public void whenRoom(Runnable room) {}

  /** Starts a run, from its newest checkpoint if the store has one. From any thread. */
  public void start(RunSpec spec) {}

  /**
   * Says goodbye to every device and accepts no more; a commit under way is finished first.
   *
   * @param comeBackMs devices come back at times spread evenly over [comeBackMs, 2 * comeBackMs]
   * @param drained called once, when every session was told
   */
  public void drain(int comeBackMs, Runnable drained) {}
}
