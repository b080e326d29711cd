package io.speedwell.cli;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.speedwell.run.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread the coordinator's mailbox and its timers run on, and the server's clock.
 * Thread-safe. What is handed in after the end is dropped.
 */
final class MailboxThread implements Executor, Timer, AutoCloseable {
  private final long zero = System.nanoTime();
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1,
          new DefaultThreadFactory("coordinator"),
          new ScheduledThreadPoolExecutor.DiscardPolicy());

  MailboxThread() {
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - zero);
  }

  @Override
  public void at(long timeMs, Runnable task) {
    thread.schedule(task, timeMs - nowMs(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
