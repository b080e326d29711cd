package io.speedwell.run;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Gets things done by the store, away from the mailbox, and tries again for as long as it fails: a
 * run that waits here is paused, with all it has in memory. Used in the mailbox only.
 */
final class Storing {
  private static final long LONGEST_WAIT_MS = 60_000;

  /** One call of the store. */
  @FunctionalInterface
  interface Call<T> {
    T run(RunStore store) throws StoreException;
  }

  private final RunStore store;
  private final Executor executor;
  private final Timer timer;
  private final RunListener listener;
  private final long firstWaitMs;
  private final Mailbox mailbox;
  private int underWay;
  private Runnable idle;

  Storing(
      RunStore store,
      Executor executor,
      Timer timer,
      RunListener listener,
      long firstWaitMs,
      Mailbox mailbox) {
    this.store = store;
    this.executor = executor;
    this.timer = timer;
    this.listener = listener;
    this.firstWaitMs = firstWaitMs;
    this.mailbox = mailbox;
  }

  /** Makes the call until it succeeds, then hands its result over in the mailbox. */
  <T> void call(String run, Call<T> call, Consumer<T> done) {
    attempt(run, call, done, 0);
  }

  /** Calls back once no call is under way; one that waits to be tried again is given up. */
  void whenIdle(Runnable callback) {
    idle = callback;
    settle();
  }

  private <T> void attempt(String run, Call<T> call, Consumer<T> done, long lastWaitMs) {
    if (idle != null) {
      return;
    }
    underWay++;
    executor.execute(
        () -> {
          try {
            T result = call.run(store);
            mailbox.post(() -> succeeded(run, done, result, lastWaitMs));
          } catch (StoreException | RuntimeException e) {
            mailbox.post(() -> failed(run, call, done, e, lastWaitMs));
          }
        });
  }

  private <T> void succeeded(String run, Consumer<T> done, T result, long lastWaitMs) {
    underWay--;
    if (lastWaitMs > 0) {
      listener.storeRecovered(run);
    }
    done.accept(result);
    settle();
  }

  private <T> void failed(
      String run, Call<T> call, Consumer<T> done, Exception why, long lastWaitMs) {
    underWay--;
    long waitMs = lastWaitMs == 0 ? firstWaitMs : Math.min(LONGEST_WAIT_MS, 2 * lastWaitMs);
    listener.storeFailed(run, why.getMessage(), waitMs);
    timer.at(timer.nowMs() + waitMs, () -> mailbox.post(() -> attempt(run, call, done, waitMs)));
    settle();
  }

  private void settle() {
    if (idle != null && underWay == 0) {
      Runnable callback = idle;
      idle = () -> {};
      callback.run();
    }
  }
}
