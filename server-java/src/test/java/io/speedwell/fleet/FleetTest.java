package io.speedwell.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FleetTest {
  private final Fleet fleet = new Fleet(100);

  private static DeviceProfile profile(String id) {
    return new DeviceProfile(id, 2, 0, 0, 0, 0, 0, 1_000, 0);
  }

  private Device arrive(String id, long session) {
    var arrival = fleet.arrive(session, profile(id), 0, 1_000 + session);
    return ((Fleet.Admitted) arrival).device();
  }

  @Test
  void aSecondConnectionWithoutTheTokenIsADuplicateWithItAReplacement() {
    arrive("a", 1);
    assertThat(fleet.arrive(2, profile("a"), 0, 5)).isEqualTo(new Fleet.Duplicate(1));
    assertThat(fleet.arrive(2, profile("a"), 7, 5)).isEqualTo(new Fleet.Duplicate(1));
    assertThat(fleet.arrive(2, profile("a"), 1_001, 5)).isEqualTo(new Fleet.Replaces(1));
    fleet.leave(1);
    assertThat(fleet.arrive(2, profile("a"), 1_001, 5)).isInstanceOf(Fleet.Admitted.class);
    assertThat(fleet.presentCount()).isEqualTo(1);
  }

  @Test
  void theSameSeedPicksTheSameWhateverTheOrderOfArrival() {
    Fleet other = new Fleet(10_000);
    for (int i = 0; i < 5_000; i++) { // with another past
      other.arrive(1_000 + i, profile("x" + i), 0, 1);
    }
    for (int i = 0; i < 5_000; i++) {
      other.leave(1_000 + i);
    }
    for (int i = 0; i < 50; i++) {
      arrive("d" + i, i + 1);
      other.arrive(i + 1, profile("d" + (49 - i)), 0, 1);
    }
    List<String> one = fleet.pick(7, d -> true, 3).stream().map(Device::id).toList();
    List<String> two = other.pick(7, d -> true, 3).stream().map(Device::id).toList();
    assertThat(one).hasSize(7).doesNotHaveDuplicates().isSorted().isEqualTo(two);
  }

  @Test
  void overManySeedsEverybodyIsPicked() {
    for (int i = 0; i < 20; i++) {
      arrive("d" + i, i + 1);
    }
    Set<String> seen = new HashSet<>();
    for (long seed = 0; seed < 60; seed++) {
      fleet.pick(3, d -> true, seed).forEach(d -> seen.add(d.id()));
    }
    assertThat(seen).hasSize(20);
  }

  @Test
  void aRefusedRunIsNotAskedAgainUntilTheDeviceWasRestarted() {
    Device device = arrive("a", 1);
    assertThat(device.free(9)).isTrue();
    device.refuse(9);
    assertThat(device.free(9)).isFalse();
    assertThat(device.free(10)).isTrue();
    fleet.leave(1);
    fleet.arrive(2, profile("a"), 1_001, 5);
    assertThat(device.free(9)).as("it showed its token").isFalse();
    fleet.leave(2);
    fleet.arrive(3, profile("a"), 0, 6);
    assertThat(device.free(9)).as("it forgot its token").isTrue();
  }

  @Test
  void theLongestAbsentIsForgottenButNeverWhoIsPresentOrBusy() {
    Fleet small = new Fleet(3);
    for (long i = 1; i <= 3; i++) {
      small.arrive(i, profile("d" + i), 0, i);
    }
    small.occupy(small.find("d1").orElseThrow(), 9);
    small.leave(1);
    small.leave(2);
    assertThat(small.arrive(4, profile("d4"), 0, 4)).isInstanceOf(Fleet.Admitted.class);
    assertThat(small.find("d2")).isEmpty();
    assertThat(small.find("d1")).as("busy").isPresent();
    assertThat(small.arrive(5, profile("d5"), 0, 5)).isEqualTo(new Fleet.Full());
  }

  @Test
  void whoWaitsForDevicesSeesWhenToLookAgain() {
    long before = fleet.changes();
    Device device = arrive("a", 1);
    assertThat(fleet.changes()).isEqualTo(before + 1);
    fleet.occupy(device, 9);
    assertThat(fleet.changes()).isEqualTo(before + 1);
    fleet.relieve(device);
    assertThat(fleet.changes()).isEqualTo(before + 2);
  }
}
