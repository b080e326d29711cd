package io.speedwell.fleet;

import java.util.HashSet;
import java.util.Set;

/**
 * What the server knows of one device. Owned by its {@link Fleet}; read and changed by the fleet's
 * owner only.
 */
public final class Device {
  private final String id;
  private DeviceProfile profile;
  private long session;
  private long token;
  private Set<Long> refusedRuns = Set.of();
  private long busyWith;

  Device(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  /** What it said of itself when it connected last. */
  public DeviceProfile profile() {
    return profile;
  }

  /** Its session; 0: it is not here. */
  public long session() {
    return session;
  }

  public boolean present() {
    return session != 0;
  }

  /** The run it has a task of, present or not; 0: none. */
  public long busyWith() {
    return busyWith;
  }

  /** Whether it is here, has no task, and has not refused the run. */
  public boolean free(long run) {
    return present() && busyWith == 0 && !refuses(run);
  }

  /** Whether it has refused the run as such. */
  public boolean refuses(long run) {
    return refusedRuns.contains(run);
  }

  void busyWith(long run) {
    busyWith = run;
  }

  /**
   * It refused the run as such: not asked again until it comes back without its token, which means
   * it was restarted.
   */
  public void refuse(long run) {
    if (refusedRuns.isEmpty()) {
      refusedRuns = new HashSet<>();
    }
    refusedRuns.add(run);
  }

  long token() {
    return token;
  }

  void admit(DeviceProfile newProfile, long newSession, long newToken, boolean restarted) {
    profile = newProfile;
    session = newSession;
    token = newToken;
    if (restarted) {
      refusedRuns = Set.of();
    }
  }

  void leave() {
    session = 0;
  }
}
