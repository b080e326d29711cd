package io.speedwell.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One attempt at one round, as a pure state machine: selecting, configuring, collecting, folding,
 * then committed or abandoned.
 *
 * <ul>
 *   <li>Selection stays open until wrap-up: a device that refuses or is lost is replaced at once
 *       when another is there. A lost device that comes back still counts, if the goal is not
 *       reached by then.
 *   <li>The round ends at the goal; at the deadline; or earlier, when nobody is at work any more,
 *       nobody lost may still come back in time, and the minimum is there.
 *   <li>At its end the minimum decides between folding and abandoning.
 * </ul>
 *
 * Not thread-safe; one owner.
 */
public final class Round {
  /** Nothing is due. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Where a round stands. */
  public enum State {
    /** It waits for devices. */
    SELECTING,
    /** Tasks are out, no device is at work yet. */
    CONFIGURING,
    /** Devices are at work, results come. */
    COLLECTING,
    /** No more results are taken; the sum is being made, then made durable. */
    FOLDING,
    COMMITTED,
    ABANDONED
  }

  private enum Standing {
    WORKING,
    LOST,
    REFUSED,
    ACCEPTED
  }

  private static final class Member {
    Standing standing = Standing.WORKING;
    boolean away; // its connection is lost, whatever its standing
    long lostAt;
  }

  private final RoundRules rules;
  private final Candidates candidates;
  private final Map<String, Member> members = new TreeMap<>();
  private final CohortMean lossBefore = new CohortMean();
  private final CohortMean lossAfter = new CohortMean();
  private State state = State.SELECTING;
  private boolean waitingTold;
  private boolean wrappedUp;
  private boolean commitTold;
  private int working;
  private int lost;
  private int refused;
  private int accepted;
  private int folded;
  private int partial;
  private long examples;
  private long now; // of the latest event
  private long startedAt;
  private long assignedAt;
  private long collectingAt;
  private long foldingAt;
  private long madeAt;

  public Round(RoundRules rules, Candidates candidates) {
    this.rules = rules;
    this.candidates = candidates;
  }

  public State state() {
    return state;
  }

  /** Devices whose result is awaited. */
  public int working() {
    return working;
  }

  /** Devices that must be there at this time for it to begin. */
  public int needed(long nowMs) {
    return nowMs < startedAt + rules.selectingMs() ? rules.needed() : rules.minimum();
  }

  /** When {@link RoundEvent.Tick} is due; {@link #NEVER}: not at all. */
  public long deadline() {
    return switch (state) {
      case SELECTING -> ahead(startedAt + rules.selectingMs());
      case CONFIGURING, COLLECTING -> Math.min(wrappedUp ? endAt() : wrapUpAt(), ahead(graceEnd()));
      case FOLDING, COMMITTED, ABANDONED -> NEVER;
    };
  }

  /** A time that is still to come; what is past has had its effect. */
  private long ahead(long time) {
    return time > now ? time : NEVER;
  }

  /** Takes one event at this time. */
  public List<RoundAction> on(RoundEvent event, long nowMs) {
    List<RoundAction> out = new ArrayList<>();
    now = nowMs;
    if (event instanceof RoundEvent.Start) {
      startedAt = nowMs;
    } else if (event instanceof RoundEvent.Began) {
      begin(nowMs);
    } else if (event instanceof RoundEvent.Refused refusal) {
      stop(refusal.device(), Standing.REFUSED, nowMs);
    } else if (event instanceof RoundEvent.Lost loss) {
      stop(loss.device(), Standing.LOST, nowMs);
    } else if (event instanceof RoundEvent.Returned returned) {
      back(returned.device(), out);
    } else if (event instanceof RoundEvent.Accepted result) {
      accept(result, out, nowMs);
    } else if (event instanceof RoundEvent.Folded) {
      folded++;
    } else if (event instanceof RoundEvent.Made) {
      madeAt = nowMs;
    } else if (event instanceof RoundEvent.Stop stop && (state == State.SELECTING || open())) {
      endingAt(nowMs);
      giveUp(out, stop.why());
    } else if (event instanceof RoundEvent.Durable && state == State.FOLDING) {
      state = State.COMMITTED;
    }
    proceed(out, nowMs);
    return out;
  }

  /** The figures of the round; times of phases that are not over are 0. */
  public RoundCount count() {
    return new RoundCount(
        accepted,
        partial,
        examples,
        lossBefore.value(),
        lossAfter.value(),
        refused,
        lost,
        span(startedAt, assignedAt),
        span(assignedAt, collectingAt),
        span(collectingAt, foldingAt),
        span(foldingAt, madeAt));
  }

  private static long span(long from, long to) {
    return Math.max(0, to - from);
  }

  private void begin(long nowMs) {
    if (state == State.CONFIGURING) {
      state = State.COLLECTING;
      collectingAt = nowMs;
    }
  }

  private void stop(String device, Standing standing, long nowMs) {
    Member member = members.get(device);
    if (member == null) {
      return;
    }
    member.away = standing == Standing.LOST;
    if (member.standing == Standing.WORKING) {
      move(member, standing);
      member.lostAt = nowMs;
    }
  }

  private void move(Member member, Standing next) {
    tally(member.standing, -1);
    member.standing = next;
    tally(next, 1);
  }

  private void tally(Standing standing, int by) {
    switch (standing) {
      case WORKING -> working += by;
      case LOST -> lost += by;
      case REFUSED -> refused += by;
      case ACCEPTED -> accepted += by;
    }
  }

  private void back(String device, List<RoundAction> out) {
    Member member = members.get(device);
    if (member == null || !member.away) {
      return;
    }
    member.away = false;
    if (member.standing == Standing.LOST && open()) {
      move(member, Standing.WORKING);
      out.add(new RoundAction.Assign(device));
    } else if (member.standing == Standing.ACCEPTED && live()) {
      out.add(new RoundAction.Assign(device)); // to be told accepted and committed
    }
  }

  private void accept(RoundEvent.Accepted result, List<RoundAction> out, long nowMs) {
    Member member = members.get(result.device());
    boolean awaited =
        member != null && (member.standing == Standing.WORKING || member.standing == Standing.LOST);
    if (!open() || !awaited) {
      out.add(new RoundAction.Release(result.device()));
      return;
    }
    begin(nowMs);
    move(member, Standing.ACCEPTED);
    partial += result.partial() ? 1 : 0;
    examples += result.examplesHeld();
    if (result.lossBefore() != 0) {
      lossBefore.add(result.lossBefore(), result.examplesHeld());
    }
    if (result.lossAfter() != 0) {
      lossAfter.add(result.lossAfter(), result.examplesHeld());
    }
    out.add(new RoundAction.Fold(result.device()));
  }

  private void proceed(List<RoundAction> out, long nowMs) {
    if (state == State.SELECTING) {
      select(out, nowMs);
    }
    if (open()) {
      if (!wrappedUp && nowMs >= wrapUpAt()) {
        wrapUp(out, nowMs);
      }
      if (accepted < rules.goal() && !wrappedUp) {
        take(rules.wanted() - accepted - working, out);
      }
      if (accepted == rules.goal() || nowMs >= endAt() || nothingToWaitFor(nowMs)) {
        end(out, nowMs);
      }
    }
    if (state == State.FOLDING && !commitTold && folded == accepted) {
      commitTold = true;
      out.add(new RoundAction.Commit());
    }
  }

  private void select(List<RoundAction> out, long nowMs) {
    int present = candidates.count();
    int needed = needed(nowMs);
    if (present >= needed || present >= rules.needed()) {
      state = State.CONFIGURING;
      assignedAt = nowMs;
      take(rules.wanted(), out);
    } else if (!waitingTold) {
      waitingTold = true;
      out.add(new RoundAction.Waiting(present, needed));
    }
  }

  private void take(int wanted, List<RoundAction> out) {
    if (wanted > 0) {
      for (String device : candidates.take(wanted)) {
        members.put(device, new Member());
        working++;
        out.add(new RoundAction.Assign(device));
      }
    }
  }

  private void wrapUp(List<RoundAction> out, long nowMs) {
    wrappedUp = true;
    int within = (int) Math.max(0, Math.min(Integer.MAX_VALUE, endAt() - nowMs));
    members.forEach(
        (device, member) -> {
          if (member.standing == Standing.WORKING) {
            out.add(new RoundAction.WrapUp(device, within));
          }
        });
  }

  private boolean nothingToWaitFor(long nowMs) {
    return working == 0 && nowMs >= graceEnd() && (accepted >= rules.minimum() || wrappedUp);
  }

  private void end(List<RoundAction> out, long nowMs) {
    endingAt(nowMs);
    if (accepted < rules.minimum()) {
      giveUp(out, "%d of at least %d results came in time".formatted(accepted, rules.minimum()));
      return;
    }
    state = State.FOLDING;
    cancel(out, member -> member.standing != Standing.ACCEPTED);
  }

  private void endingAt(long nowMs) {
    if (state == State.CONFIGURING) {
      collectingAt = nowMs;
    }
    foldingAt = nowMs;
  }

  private void giveUp(List<RoundAction> out, String why) {
    state = State.ABANDONED;
    cancel(out, member -> true);
    out.add(new RoundAction.Abandon(why));
  }

  private void cancel(List<RoundAction> out, Predicate<Member> which) {
    members.forEach(
        (device, member) -> {
          if (member.standing != Standing.REFUSED && which.test(member)) {
            out.add(new RoundAction.Cancel(device));
          }
        });
  }

  private boolean open() {
    return state == State.CONFIGURING || state == State.COLLECTING;
  }

  private boolean live() {
    return open() || state == State.FOLDING;
  }

  private long wrapUpAt() {
    return endAt() - rules.wrapUpLeadMs();
  }

  private long endAt() {
    return assignedAt + rules.deadlineMs();
  }

  /** When nobody lost is waited for any more; in the past when nobody is lost. */
  private long graceEnd() {
    if (lost == 0) {
      return Long.MIN_VALUE;
    }
    return members.values().stream()
        .filter(member -> member.standing == Standing.LOST)
        .mapToLong(member -> member.lostAt + rules.graceMs())
        .max()
        .orElse(Long.MIN_VALUE);
  }
}
