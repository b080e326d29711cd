package io.speedwell.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private long now = 1_000_000;
  private final DeadlineWheel wheel = new DeadlineWheel(channel.eventLoop(), () -> now);

  DeadlineWheelTest() {
    channel.freezeTime();
  }

  private final class Alarm extends DeadlineWheel.Entry {
    private final List<Long> rang = new ArrayList<>();
    private long again;

    @Override
    void expired(long at) {
      rang.add(at);
      if (again > 0) {
        wheel.set(this, again);
        again = 0;
      }
    }
  }

  @Test
  void callsEachOnceWithinATickAndNeverBefore() {
    Random random = new Random(3);
    List<Alarm> alarms = new ArrayList<>();
    List<Long> due = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Alarm alarm = new Alarm();
      long at = now + random.nextInt(200_000);
      wheel.set(alarm, at);
      alarms.add(alarm);
      due.add(at);
    }
    pass(200_000 + 2 * DeadlineWheel.TICK_MS);
    for (int i = 0; i < alarms.size(); i++) {
      assertThat(alarms.get(i).rang).hasSize(1);
      assertThat(alarms.get(i).rang.get(0))
          .isBetween(due.get(i), due.get(i) + 2 * DeadlineWheel.TICK_MS);
    }
    assertThat(wheel.size()).isZero();
  }

  @Test
  void followsAMovedDeadlineAndForgetsACancelledOne() {
    Alarm moved = new Alarm();
    Alarm cancelled = new Alarm();
    wheel.set(moved, now + 1_000);
    wheel.set(cancelled, now + 1_000);
    wheel.set(moved, now + 500_000);
    wheel.cancel(cancelled);
    pass(400_000);
    assertThat(moved.rang).isEmpty();
    pass(100_100);
    assertThat(moved.rang).hasSize(1);
    assertThat(cancelled.rang).isEmpty();
  }

  @Test
  void mayBeSetAgainWhileItRings() {
    Alarm alarm = new Alarm();
    alarm.again = now; // already over
    wheel.set(alarm, now + 100);
    pass(1_000);
    assertThat(alarm.rang).hasSize(2);
  }

  @Test
  void catchesUpAfterALongHold() {
    Alarm alarm = new Alarm();
    wheel.set(alarm, now + 70_000);
    now += 10_000_000;
    channel.advanceTimeBy(DeadlineWheel.TICK_MS, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(alarm.rang).hasSize(1);
  }

  @Test
  void restsWhileThereIsNothingToWaitFor() {
    Alarm alarm = new Alarm();
    wheel.set(alarm, now + 100);
    pass(1_000);
    assertThat(channel.runScheduledPendingTasks()).as("no task is scheduled").isEqualTo(-1);
    wheel.set(alarm, now + 100);
    pass(1_000);
    assertThat(alarm.rang).hasSize(2);
  }

  private void pass(long ms) {
    for (long end = now + ms; now < end; ) {
      now += DeadlineWheel.TICK_MS;
      channel.advanceTimeBy(DeadlineWheel.TICK_MS, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }
}
