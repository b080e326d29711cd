package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.speedwell.model.SplitMix64;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UpdateBudgetTest {
  private final UpdateBudget budget = new UpdateBudget(100);
  private final List<Reservation> granted = new ArrayList<>();

  @Test
  void whatFitsIsGrantedWithinTheCall() {
    budget.request(60, granted::add);
    assertThat(granted).hasSize(1);
    assertThat(budget.free()).isEqualTo(40);
    granted.get(0).release();
    assertThat(budget.free()).isEqualTo(100);
  }

  @Test
  void firstComeFirstServedAndALargeOneIsNotStarved() {
    budget.request(60, granted::add);
    budget.request(80, granted::add);
    budget.request(10, granted::add);
    assertThat(granted).as("10 would fit, but it waits behind 80").hasSize(1);
    assertThat(budget.waiting()).isEqualTo(2);
    granted.get(0).release();
    assertThat(granted).extracting(Reservation::bytes).containsExactly(60L, 80L, 10L);
    assertThat(budget.free()).isEqualTo(10);
  }

  @Test
  void whoWithdrawsLetsTheNextPass() {
    budget.request(60, granted::add);
    UpdateBudget.Request large = budget.request(80, granted::add);
    budget.request(10, granted::add);
    large.withdraw();
    assertThat(granted).extracting(Reservation::bytes).containsExactly(60L, 10L);
    large.withdraw();
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void whatCanNeverFitIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> budget.request(101, granted::add));
    assertThatIllegalArgumentException().isThrownBy(() -> budget.request(0, granted::add));
  }

  @Test
  void aSecondReleaseIsADefect() {
    budget.request(60, granted::add);
    granted.get(0).release();
    assertThatIllegalStateException().isThrownBy(() -> granted.get(0).release());
    assertThat(budget.free()).isEqualTo(100);
  }

  @Test
  void afterARandomTrafficOfManyThreadsItIsWhole() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(4);
    for (int t = 0; t < 4; t++) {
      SplitMix64 random = new SplitMix64(t);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  long bytes = 1 + Long.remainderUnsigned(random.next(), 100);
                  UpdateBudget.Request request = budget.request(bytes, Reservation::release);
                  if ((random.next() & 1) == 0) {
                    request.withdraw();
                  }
                }
                done.countDown();
              });
      thread.start();
    }
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(budget.free()).isEqualTo(100);
    assertThat(budget.waiting()).isZero();
  }
}
