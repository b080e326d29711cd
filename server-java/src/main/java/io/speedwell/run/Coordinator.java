package io.speedwell.run;

import io.speedwell.fleet.Device;
import io.speedwell.fleet.Fleet;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.Limits;
import io.speedwell.run.plan.Plan;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.PartialUpload;
import io.speedwell.session.SessionEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The one owner of the fleet and the runs: a serial mailbox on an executor it is given. It has no
 * thread and no clock of its own; what it tells sessions, folds and stores goes through ports. Its
 * public methods may be called from any thread and never block.
 */
public final class Coordinator {
  private final CoordinatorSettings settings;
  private final LongSupplier random;
  private final Mailbox mailbox;
  private final Desk desk;
  private final List<Run> runs = new ArrayList<>();
  private final Map<Long, FleetEvent.Arrived> newcomers =
      new HashMap<>(); // by the session they replace
  private long wakeAt = Long.MAX_VALUE;
  private long seen; // changes of the fleet and its sharing the runs have looked at
  private boolean draining;

  /**
   * @param settings limits
   * @param random source of session tokens and new run ids: unpredictable in production, seeded in
   *     tests
   * @param executor runs the mailbox; its tasks never run at the same time, whatever the executor
   *     does
   * @param storeExecutor runs the calls of the store, which may block
   */
  public Coordinator(
      CoordinatorSettings settings,
      LongSupplier random,
      Executor executor,
      Timer timer,
      SessionPort sessions,
      Folding folding,
      RunStore store,
      Executor storeExecutor,
      RunListener listener) {
    this.settings = settings;
    this.random = random;
    this.mailbox = new Mailbox(executor, settings.mailbox(), this::rest);
    Storing storing =
        new Storing(store, storeExecutor, timer, listener, settings.storeRetryMs(), mailbox);
    this.desk =
        new Desk(
            new Fleet(settings.devices()),
            sessions,
            folding,
            new Sharing(),
            storing,
            listener,
            timer,
            mailbox);
  }

  /**
   * Takes an event of a session. Events of one session are handled in order.
   *
   * @return false when the mailbox is fuller than it should be: the event is taken, but the caller
   *     then stops reading from that link until {@link #whenRoom} calls back
   */
  public boolean publish(FleetEvent event) {
    return mailbox.post(() -> on(event));
  }

  /** Calls back, on any thread, once the mailbox has room; at once if it has. */
  public void whenRoom(Runnable room) {
    mailbox.whenRoom(room);
  }

  /** How often an event came while the mailbox was fuller than it should be. */
  public long overruns() {
    return mailbox.overruns();
  }

  /**
   * Starts a run, from its newest checkpoint if the store has one. What comes of it the listener
   * hears.
   */
  public void start(RunSpec spec) {
    start(spec, Wish.GO, answer -> {});
  }

  /**
   * Starts a run like {@link #start(RunSpec)}.
   *
   * @param wish what the operator wants of it: one that is to pause rests before its first round
   * @param answer hears whether it begins, in the mailbox; refused while a run of its name goes on
   */
  public void start(RunSpec spec, Wish wish, Consumer<RunAnswer> answer) {
    mailbox.post(() -> answer.accept(begin(spec, wish)));
  }

  /**
   * Lets a run rest after the round that is open, until {@link #resume}; its devices are free for
   * other runs.
   *
   * @param now the open round is abandoned, unless it is being folded already
   * @param answer called in the mailbox
   */
  public void pause(String run, boolean now, Consumer<RunAnswer> answer) {
    order(run, answer, it -> it.pause(now));
  }

  /** Lets a run that was told to pause go on. The answer comes in the mailbox. */
  public void resume(String run, Consumer<RunAnswer> answer) {
    order(run, answer, Run::resume);
  }

  /**
   * Ends a run after the round that is open; it can be started again later, from where it stood.
   *
   * @param now the open round is abandoned, unless it is being folded already
   * @param answer called in the mailbox
   */
  public void stop(String run, boolean now, Consumer<RunAnswer> answer) {
    order(run, answer, it -> it.stop(now));
  }

  private void order(
      String name, Consumer<RunAnswer> answer, Function<Run, Optional<String>> order) {
    mailbox.post(
        () -> {
          Optional<Run> run = named(name);
          if (run.isEmpty()) {
            answer.accept(new RunAnswer.Unknown(name));
          } else {
            Optional<String> refused = order.apply(run.get());
            answer.accept(
                refused.isPresent()
                    ? new RunAnswer.Refused("run " + name + ": " + refused.get())
                    : new RunAnswer.Done(run.get().status()));
          }
        });
  }

  /** Hands over, in the mailbox, where each run stands that was started since the server was. */
  public void runs(Consumer<List<RunStatus>> answer) {
    mailbox.post(() -> answer.accept(runs.stream().map(Run::status).toList()));
  }

  /** Letters that wait in the mailbox. */
  public int waiting() {
    return mailbox.waiting();
  }

  /**
   * Says goodbye to every device and lets no more in; what the store has begun is finished first.
   *
   * @param comeBackMs devices are asked back after this time, spread evenly over as long again, or
   *     over 1 ms per device if that is longer
   * @param drained called once, from the mailbox
   */
  public void drain(int comeBackMs, Runnable drained) {
    mailbox.post(
        () -> {
          draining = true;
          runs.forEach(Run::halt);
          desk.storing()
              .whenIdle(
                  () -> {
                    sayGoodbye(comeBackMs);
                    drained.run();
                  });
        });
  }

  private void sayGoodbye(int comeBackMs) {
    List<Device> devices = new ArrayList<>(desk.fleet().presentDevices());
    devices.sort(Comparator.comparing(Device::id));
    long spread = Math.max(comeBackMs, devices.size()); // a thousand a second can be let in
    for (int i = 0; i < devices.size(); i++) {
      long later = spread * i / devices.size();
      bye(devices.get(i).session(), ByeReason.BYE_SHUTDOWN, (int) (comeBackMs + later), "");
    }
    newcomers
        .values()
        .forEach(waiting -> bye(waiting.session(), ByeReason.BYE_SHUTDOWN, comeBackMs, ""));
    newcomers.clear();
  }

  // ---- runs

  private RunAnswer begin(RunSpec spec, Wish wish) {
    Optional<Run> earlier = named(spec.plan().name());
    if (draining || earlier.isPresent() && !earlier.get().status().state().over()) {
      return new RunAnswer.Refused(
          draining
              ? "the server ends"
              : "run " + spec.plan().name() + ": it goes on already; stop it first");
    }
    Optional<String> why = tooLarge(spec.plan());
    if (why.isPresent()) {
      desk.listener().runFailed(spec.plan().name(), why.get());
      return new RunAnswer.Refused("run " + spec.plan().name() + ": " + why.get());
    }
    earlier.ifPresent(runs::remove);
    Run run =
        new Run(spec, wish, spec.plan().runId(random.getAsLong()), settings.partialHoldMs(), desk);
    runs.add(run);
    run.start();
    return new RunAnswer.Done(run.status());
  }

  /** Why the memory there is does not do for one run more; empty: it does. */
  private Optional<String> tooLarge(Plan plan) {
    long update = (long) Float.BYTES * plan.model().layout().updateCount() + Limits.METRICS_MAX;
    if (update > settings.updateBudget()) {
      return Optional.of(
          "one update needs %d bytes, the update budget has %d; raise it"
              .formatted(update, settings.updateBudget()));
    }
    long others = runs.stream().filter(run -> !run.over()).mapToLong(Run::heap).sum();
    return HeapNeed.shortage(settings.heap(), settings.updateBudget(), others + HeapNeed.of(plan));
  }

  private Optional<Run> named(String name) {
    return runs.stream().filter(run -> run.name().equals(name)).findAny();
  }

  private Optional<Run> run(long id) {
    return runs.stream().filter(run -> run.id() == id).findAny();
  }

  /**
   * After every letter: runs look again at a fleet that changed; the timer is set to what is due
   * next.
   */
  private void rest() {
    while (seen != changes()) {
      seen = changes();
      runs.forEach(Run::fleetChanged);
    }
    long due = Long.MAX_VALUE;
    for (Run run : runs) {
      due = Math.min(due, run.deadline());
    }
    if (due < wakeAt) {
      wakeAt = due;
      long at = due;
      desk.timer().at(at, () -> mailbox.post(() -> wake(at)));
    }
  }

  private long changes() {
    return desk.fleet().changes() + desk.sharing().changes();
  }

  private void wake(long at) {
    if (at == wakeAt) {
      wakeAt = Long.MAX_VALUE;
    }
    runs.forEach(Run::tick);
  }

  // ---- sessions

  private void on(FleetEvent event) {
    if (event instanceof FleetEvent.Arrived arrived) {
      arrived(arrived);
    } else if (event instanceof FleetEvent.Gone gone) {
      gone(gone);
    } else if (event instanceof FleetEvent.OfTask ofTask) {
      told(ofTask);
    }
  }

  private void told(FleetEvent.OfTask event) {
    Optional<Device> device = desk.fleet().of(event.session());
    Optional<Run> run = run(event.task().runId());
    if (device.isPresent() && run.isPresent()) {
      run.get().on(device.get(), event);
    } else if (event instanceof FleetEvent.Accepted accepted) {
      accepted.result().release();
    }
  }

  private void arrived(FleetEvent.Arrived arrived) {
    if (draining) {
      bye(arrived.session(), ByeReason.BYE_SHUTDOWN, settings.duplicateRetryMs(), "");
      return;
    }
    long token = random.getAsLong() | 1; // never 0
    Fleet.Arrival arrival =
        desk.fleet().arrive(arrived.session(), arrived.profile(), arrived.token(), token);
    if (arrival instanceof Fleet.Admitted admitted) {
      desk.sessions().tell(arrived.session(), new SessionEvent.Admit(token));
      admitted(admitted.device());
    } else if (arrival instanceof Fleet.Replaces replaces) {
      FleetEvent.Arrived earlier = newcomers.put(replaces.session(), arrived);
      if (earlier != null) {
        bye(earlier.session(), ByeReason.BYE_REPLACED, 0, "");
      }
      bye(replaces.session(), ByeReason.BYE_REPLACED, 0, "");
    } else if (arrival instanceof Fleet.Duplicate duplicate) {
      bye(
          arrived.session(),
          ByeReason.BYE_DUPLICATE_ID,
          settings.duplicateRetryMs(),
          "this id is connected already");
      desk.sessions().tell(duplicate.session(), new SessionEvent.Probe());
    } else {
      bye(
          arrived.session(),
          ByeReason.BYE_OVERLOADED,
          settings.duplicateRetryMs(),
          "the fleet is full");
    }
  }

  private void admitted(Device device) {
    desk.listener().deviceJoined(device.id(), desk.fleet().presentCount());
    if (device.busyWith() != 0) {
      run(device.busyWith()).ifPresent(run -> run.returned(device));
    }
  }

  private void gone(FleetEvent.Gone gone) {
    newcomers.values().removeIf(waiting -> waiting.session() == gone.session());
    Optional<Device> left = desk.fleet().leave(gone.session());
    desk.sharing().deviceLeft();
    Optional<Run> run = left.flatMap(device -> run(device.busyWith()));
    if (run.isPresent()) {
      run.get().lost(left.get(), gone);
    } else {
      gone.partial().ifPresent(PartialUpload::discard);
    }
    left.ifPresent(
        device -> desk.listener().deviceLeft(device.id(), gone.why(), desk.fleet().presentCount()));
    FleetEvent.Arrived waiting = newcomers.remove(gone.session());
    if (waiting != null) {
      arrived(waiting);
    }
  }

  private void bye(long session, ByeReason reason, int retryAfterMs, String detail) {
    desk.sessions().tell(session, new SessionEvent.Bye(reason.getNumber(), retryAfterMs, detail));
  }
}
