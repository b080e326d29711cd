package io.speedwell.fleet;

import io.speedwell.model.SplitMix64;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All devices the server knows, by id: presence, one session each, selection. Devices that left are
 * remembered up to the fleet's capacity, the longest absent are forgotten first. Not thread-safe;
 * one owner.
 */
public final class Fleet {
  private final int capacity;
  private final Map<String, Device> present = new HashMap<>();
  private final Map<String, Device> absent = new LinkedHashMap<>();
  private final Map<Long, Device> bySession = new HashMap<>();
  private long changes;

  /**
   * @param capacity devices remembered, 1 or more
   */
  public Fleet(int capacity) {
    this.capacity = capacity;
  }

  /** What becomes of a newcomer. */
  public sealed interface Arrival {}

  /** It is let in, under the token it was to be given. */
  public record Admitted(Device device) implements Arrival {}

  /**
   * It showed the token of the session that is still open: that one is to be ended, then the
   * newcomer tried again.
   */
  public record Replaces(long session) implements Arrival {}

  /** Somebody else is here with its id, in this session, which is to be probed. */
  public record Duplicate(long session) implements Arrival {}

  /** There is no room for one more device. */
  public record Full() implements Arrival {}

  /**
   * A device asks to come in.
   *
   * @param shown the token it shows; 0: none
   * @param next the token it gets if it is let in; never 0
   */
  public Arrival arrive(long session, DeviceProfile profile, long shown, long next) {
    Device here = present.get(profile.id());
    if (here != null) {
      return here.token() == shown ? new Replaces(here.session()) : new Duplicate(here.session());
    }
    Device device = absent.remove(profile.id());
    if (device == null) {
      if (present.size() + absent.size() >= capacity && !forgetOne()) {
        return new Full();
      }
      device = new Device(profile.id());
    }
    device.admit(profile, session, next, shown == 0);
    present.put(device.id(), device);
    bySession.put(session, device);
    changes++;
    return new Admitted(device);
  }

  /** Takes a device for a run. */
  public void occupy(Device device, long run) {
    device.busyWith(run);
  }

  /** The device's task is over, whatever became of it. */
  public void relieve(Device device) {
    device.busyWith(0);
    changes++;
  }

  /**
   * Counts how often a device came or became idle: who waits for devices looks again when it has
   * changed.
   */
  public long changes() {
    return changes;
  }

  /** A session is over; the device it belonged to, if it was let in. */
  public Optional<Device> leave(long session) {
    Device device = bySession.remove(session);
    if (device != null) {
      present.remove(device.id());
      absent.put(device.id(), device);
      device.leave();
    }
    return Optional.ofNullable(device);
  }

  /** The device of a session that was let in and has not left. */
  public Optional<Device> of(long session) {
    return Optional.ofNullable(bySession.get(session));
  }

  /** A device that is known, present or not. */
  public Optional<Device> find(String id) {
    Device device = present.get(id);
    return Optional.ofNullable(device != null ? device : absent.get(id));
  }

  /** Devices that are here, in no particular order; a copy. */
  public List<Device> presentDevices() {
    return List.copyOf(present.values());
  }

  public int presentCount() {
    return present.size();
  }

  /** How many devices that are here are fit. */
  public int count(Predicate<Device> fit) {
    return (int) present.values().stream().filter(fit).count();
  }

  /**
   * Picks devices among those that are here and fit: all in the order of their ids when they are no
   * more than wanted, else a draw that depends on the seed and the set of ids alone. The result is
   * in the order of ids.
   */
  public List<Device> pick(int wanted, Predicate<Device> fit, long seed) {
    List<Device> pool = new ArrayList<>(present.values().stream().filter(fit).toList());
    Comparator<Device> byId = Comparator.comparing(Device::id);
    pool.sort(byId);
    if (pool.size() <= wanted) {
      return pool;
    }
    SplitMix64 random = new SplitMix64(seed);
    for (int i = 0; i < wanted; i++) {
      int left = pool.size() - i;
      int drawn = i + (int) Long.remainderUnsigned(random.next(), left);
      Device picked = pool.set(drawn, pool.get(i));
      pool.set(i, picked);
    }
    List<Device> picked = new ArrayList<>(pool.subList(0, wanted));
    picked.sort(byId);
    return picked;
  }

  private boolean forgetOne() {
    Iterator<Device> oldest = absent.values().iterator();
    while (oldest.hasNext()) {
      if (oldest.next().busyWith() == 0) {
        oldest.remove();
        return true;
      }
    }
    return false;
  }
}
