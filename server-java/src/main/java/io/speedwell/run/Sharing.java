package io.speedwell.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * How runs share the fleet: among those that wait for devices, the one with the fewest tasks goes
 * first, and the others take none until it has its cohort. One that could not begin even if all
 * devices were idle keeps nobody waiting. Used in the mailbox only.
 */
final class Sharing {
  private final Set<Claim> claims = new HashSet<>();
  private final TreeSet<Claim> waiting =
      new TreeSet<>(
          Comparator.comparingLong((Claim claim) -> claim.tasks)
              .thenComparingLong(claim -> claim.since));
  private final List<String> awaited = new ArrayList<>(); // once for each run that awaits it
  private long order;
  private long changes;

  /** What one run asks of the fleet, from its start to its end. */
  final class Claim {
    private long tasks;
    private int cohort;
    private long since;
    private BooleanSupplier possible;

    private Claim() {}

    /**
     * A round begins to select. A run that was away for long is ahead of the others by the largest
     * cohort at most.
     *
     * @param wanted devices of its cohort
     * @param enough whether the round could begin if every device that is here were idle
     */
    void await(int wanted, BooleanSupplier enough) {
      cohort = wanted;
      long least =
          claims.stream()
              .filter(other -> other != this)
              .mapToLong(other -> other.tasks)
              .min()
              .orElse(tasks);
      int largest = claims.stream().mapToInt(claim -> claim.cohort).max().orElse(wanted);
      tasks = Math.max(tasks, least - largest);
      since = ++order;
      possible = enough;
      waiting.add(this);
    }

    /** Whether this run, selecting, may take devices now. */
    boolean turn() {
      for (Claim first : waiting) {
        if (first == this) {
          return true;
        }
        if (first.possible.getAsBoolean()) {
          return false;
        }
      }
      return true;
    }

    /** It has taken so many devices for one task each. */
    void took(int devices) {
      settle();
      tasks += devices;
    }

    /** Its round waits no longer, whether it has begun or was given up. */
    void settle() {
      if (waiting.remove(this)) {
        changes++;
      }
    }

    /** The run is over. */
    void close() {
      settle();
      claims.remove(this);
    }
  }

  /** A run begins; it is level with the one that had the fewest tasks. */
  Claim open() {
    Claim claim = new Claim();
    claim.tasks = claims.stream().mapToLong(other -> other.tasks).min().orElse(0);
    claims.add(claim);
    return claim;
  }

  /** An evaluator is awaited: no run trains on it meanwhile. */
  void reserve(String device) {
    awaited.add(device);
  }

  /** It has come, or is awaited no longer. */
  void unreserve(String device) {
    if (awaited.remove(device)) {
      changes++;
    }
  }

  boolean reserved(String device) {
    return awaited.contains(device);
  }

  /** A device is gone: who waited for many may have to let others pass. */
  void deviceLeft() {
    if (waiting.size() > 1) {
      changes++;
    }
  }

  /** Grows whenever another run's turn may have come. */
  long changes() {
    return changes;
  }
}
