package io.speedwell.run;

import io.speedwell.aggregate.Accumulator;
import io.speedwell.fleet.Device;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.TaskKind;
import io.speedwell.round.Candidates;
import io.speedwell.round.Round;
import io.speedwell.round.RoundAction;
import io.speedwell.round.RoundEvent;
import io.speedwell.round.RoundRules;
import io.speedwell.session.AcceptedResult;
import io.speedwell.session.PartialUpload;
import io.speedwell.session.ResultNumbers;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.TaskKey;
import io.speedwell.session.Traffic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One attempt at a round, with everything the pure {@link Round} leaves out. Used in the mailbox
 * only.
 */
final class TrainingRound implements Candidates {
  private static final int TRAINS = 1 << TaskKind.TASK_KIND_TRAIN_VALUE;

  /** Hears how the attempt ends. */
  interface Ending {
    /** Everything that counts is in the sum. */
    void folded(Accumulator sum);

    void abandoned(String why);
  }

  private final RunSpec spec;
  private final Offers offers;
  private final Model model;
  private final int number;
  private final int attempt;
  private final Desk desk;
  private final Sharing.Claim claim;
  private final Ending ending;
  private final Round round;
  private final Accumulator sum;
  private final Map<String, Share> shares = new HashMap<>();
  private final Set<Share> keeping = new HashSet<>(); // those with an upload that broke off
  private Traffic traffic = Traffic.NONE;
  private final int cohort;
  private int draws;
  private boolean startTold;

  TrainingRound(
      RunSpec spec,
      Offers offers,
      Model model,
      int number,
      int attempt,
      RoundRules rules,
      Desk desk,
      Sharing.Claim claim,
      Ending ending) {
    this.spec = spec;
    this.offers = offers;
    this.model = model;
    this.number = number;
    this.attempt = attempt;
    this.desk = desk;
    this.claim = claim;
    this.ending = ending;
    this.round = new Round(rules, this);
    this.cohort = rules.wanted();
    this.sum = spec.plan().strategy().open(model.parameters(), model.strategyState(), rules.goal());
  }

  void start() {
    claim.await(cohort, this::possible);
    on(new RoundEvent.Start());
  }

  long deadline() {
    return keeping.stream().mapToLong(Share::partialUntil).reduce(round.deadline(), Math::min);
  }

  void tick() {
    long now = desk.nowMs();
    keeping.removeIf(share -> share.forgottenBy(now));
    on(new RoundEvent.Tick());
  }

  /** Whether it still waits for devices to begin with. */
  boolean waits() {
    return round.state() == Round.State.SELECTING;
  }

  void fleetChanged() {
    on(new RoundEvent.FleetChanged());
  }

  // ---- what devices do

  boolean owns(Device device, TaskKey key) {
    Share share = shares.get(device.id());
    return share != null && share.order().key().equals(key);
  }

  void began(Device device) {
    on(new RoundEvent.Began(device.id()));
  }

  /** The device's task is over without a result. */
  void refused(Device device, Traffic more) {
    traffic = traffic.plus(more);
    shares.get(device.id()).forgetPartial();
    desk.fleet().relieve(device);
    on(new RoundEvent.Refused(device.id()));
  }

  void accepted(Device device, AcceptedResult result, Traffic more) {
    traffic = traffic.plus(more);
    Share share = shares.get(device.id());
    if (share.counted()) {
      result.release(); // the first one counts
      return;
    }
    share.keep(result);
    ResultNumbers n = result.numbers();
    on(
        new RoundEvent.Accepted(
            device.id(), result.partial(), n.examplesHeld(), n.lossBefore(), n.lossAfter()));
  }

  void lost(Device device, Traffic more) {
    traffic = traffic.plus(more);
    Share share = shares.get(device.id());
    if (share != null) {
      share.forgetPartial(); // offered to the session that ended, and not taken by it
      on(new RoundEvent.Lost(device.id()));
    }
  }

  /** Keeps an upload that broke off, after {@link #lost}. */
  void keep(Device device, PartialUpload partial, long untilMs) {
    if (owns(device, partial.task()) && round.state().compareTo(Round.State.FOLDING) < 0) {
      Share share = shares.get(device.id());
      share.keep(partial, untilMs);
      keeping.add(share);
    } else {
      partial.discard();
    }
  }

  void returned(Device device) {
    on(new RoundEvent.Returned(device.id()));
  }

  /** The next model is made. */
  void made() {
    on(new RoundEvent.Made());
  }

  /** The model is durable: everybody who counted is told, and idle again. */
  void committed() {
    on(new RoundEvent.Durable());
    shares.forEach(
        (id, share) -> {
          if (share.counted()) {
            Device device = device(id);
            desk.tell(device, new SessionEvent.Committed(share.order().key()));
            desk.fleet().relieve(device);
          }
        });
  }

  Round.State state() {
    return round.state();
  }

  RunStatus.Phase phase() {
    return switch (round.state()) {
      case SELECTING -> RunStatus.Phase.SELECTING;
      case CONFIGURING -> RunStatus.Phase.CONFIGURING;
      case COLLECTING -> RunStatus.Phase.COLLECTING;
      case FOLDING -> RunStatus.Phase.FOLDING;
      case COMMITTED, ABANDONED -> RunStatus.Phase.IDLE;
    };
  }

  /** Devices whose result is awaited. */
  int atWork() {
    return round.working();
  }

  /** Results that count. */
  int results() {
    return round.count().devices();
  }

  /** Ends without a model, if it still takes results. */
  void stop(String why) {
    on(new RoundEvent.Stop(why));
  }

  /** Gives up what is kept for devices that may come back, and its place among those that wait. */
  void dismiss() {
    claim.settle();
    keeping.forEach(Share::forgetPartial);
    keeping.clear();
  }

  /** The updates in the sum. */
  List<CountedUpdate> counted() {
    return shares.entrySet().stream()
        .filter(entry -> entry.getValue().counted())
        .map(entry -> entry.getValue().countedUpdate(entry.getKey()))
        .toList();
  }

  RoundSummary summary() {
    var c = round.count();
    return new RoundSummary(
        number,
        attempt,
        c.devices(),
        c.partial(),
        c.examples(),
        c.lossBefore(),
        c.lossAfter(),
        c.refused(),
        c.lost(),
        new RoundSummary.Phases(
            c.selectingMs(), c.configuringMs(), c.collectingMs(), c.foldingMs()),
        traffic);
  }

  // ---- whom to ask

  @Override
  public int count() {
    return claim.turn() ? desk.fleet().count(idle()) : 0;
  }

  /** Whether it could begin if every device that is here were idle. */
  private boolean possible() {
    return desk.fleet().count(suitable()) >= round.needed(desk.nowMs());
  }

  @Override
  public List<String> take(int wanted) {
    long seed = Seeds.selection(spec.plan().seeds().run(), number, attempt, draws++);
    List<Device> picked = desk.fleet().pick(wanted, idle(), seed);
    claim.took(picked.size());
    for (Device device : picked) {
      desk.fleet().occupy(device, offers.terms().runId());
      shares.put(
          device.id(),
          new Share(offers.train(model.blob(number), model.base(), number, attempt, device.id())));
    }
    return picked.stream().map(Device::id).toList();
  }

  private Predicate<Device> idle() {
    Predicate<Device> suitable = suitable();
    return device -> device.busyWith() == 0 && suitable.test(device);
  }

  private Predicate<Device> suitable() {
    long runId = offers.terms().runId();
    String evaluator = spec.plan().evaluate().device().orElse("");
    return device ->
        device.present()
            && !device.refuses(runId)
            && device.profile().takes(TRAINS)
            && !device.id().equals(evaluator)
            && !desk.sharing().reserved(device.id())
            && !shares.containsKey(device.id());
  }

  // ---- what the round wants

  private void on(RoundEvent event) {
    List<RoundAction> actions = round.on(event, desk.nowMs());
    tellStart(actions);
    actions.forEach(this::perform);
  }

  private void tellStart(List<RoundAction> actions) {
    long assigned = actions.stream().filter(a -> a instanceof RoundAction.Assign).count();
    if (!startTold && assigned > 0) {
      startTold = true;
      desk.listener().roundStarted(spec.plan().name(), number, attempt, (int) assigned);
    }
  }

  private void perform(RoundAction action) {
    if (action instanceof RoundAction.Assign assign) {
      desk.tell(device(assign.device()), shares.get(assign.device()).assignment());
    } else if (action instanceof RoundAction.WrapUp wrapUp) {
      TaskKey key = shares.get(wrapUp.device()).order().key();
      desk.tell(device(wrapUp.device()), new SessionEvent.WrapUp(key, wrapUp.withinMs()));
    } else if (action instanceof RoundAction.Cancel cancel) {
      cancel(cancel.device());
    } else if (action instanceof RoundAction.Fold fold) {
      fold(fold.device());
    } else if (action instanceof RoundAction.Release release) {
      late(release.device());
    } else if (action instanceof RoundAction.Waiting waiting) {
      if (!possible()) {
        desk.listener()
            .waitingForDevices(spec.plan().name(), number, waiting.present(), waiting.needed());
      }
    } else if (action instanceof RoundAction.Commit) {
      ending.folded(sum);
    } else if (action instanceof RoundAction.Abandon abandon) {
      ending.abandoned(abandon.why());
    }
  }

  private void cancel(String id) {
    Share share = shares.get(id);
    share.forgetPartial();
    Device device = device(id);
    desk.tell(
        device, new SessionEvent.Cancel(share.order().key(), CancelReason.CANCEL_ROUND_OVER_VALUE));
    desk.fleet().relieve(device);
  }

  private void fold(String id) {
    AcceptedResult result = shares.get(id).count();
    var contribution = result.update().orElseThrow();
    desk.folding()
        .fold(
            sum,
            contribution,
            () ->
                desk.mailbox()
                    .post(
                        () -> {
                          result.release();
                          on(new RoundEvent.Folded(id));
                        }));
  }

  private void late(String id) {
    Share share = shares.get(id);
    share.drop();
    desk.tell(
        device(id),
        new SessionEvent.Cancel(share.order().key(), CancelReason.CANCEL_ROUND_OVER_VALUE));
  }

  private Device device(String id) {
    return desk.fleet().find(id).orElseThrow(); // busy devices are never forgotten
  }
}
