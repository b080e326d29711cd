package io.speedwell.admin;

import com.linecorp.armeria.common.sse.ServerSentEvent;
import io.speedwell.run.RunListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes what happens to runs and devices, and hands it to whoever reads events. One thread owns the
 * readers; what comes in waits in a bounded queue, so that the coordinator never does. Thread-safe.
 */
public final class EventHub implements AutoCloseable {
  private static final int QUEUE = 10_000;
  private static final int QUEUE_OF_READER = 4_096;
  private static final int READERS = 16;
  private static final long HEARTBEAT_S = 15;

  private final ScheduledThreadPoolExecutor thread;
  private final Executor owner = this::own;
  private final AtomicInteger queued = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder slowReaders = new LongAdder();
  private final List<EventStream> readers = new ArrayList<>(); // the thread's
  private volatile int readerCount;
  private long ids; // the thread's

  private final RunListener listener = new NamedEvents(this::publish);

  public EventHub() {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread named = new Thread(task, "admin-events");
              named.setDaemon(true);
              return named;
            });
    thread.scheduleAtFixedRate(this::beat, HEARTBEAT_S, HEARTBEAT_S, TimeUnit.SECONDS);
  }

  /** What must hear the runs. */
  public RunListener listener() {
    return listener;
  }

  /**
   * A new reader's events, from now on.
   *
   * @param run only this run's; empty: all
   */
  EventStream open(String run) {
    EventStream stream = new EventStream(run, QUEUE_OF_READER, owner);
    owner.execute(
        () -> {
          readers.removeIf(EventStream::over);
          if (readers.size() >= READERS) {
            stream.end();
          } else {
            readers.add(stream);
            stream.offer(ServerSentEvent.ofComment("speedwell"));
          }
          readerCount = readers.size();
        });
    return stream;
  }

  /** Shows its own figures. */
  public void show(Metrics metrics) {
    metrics.gauge("speedwell.events.waiting", "Events that wait to be handed out", queued::get);
    metrics.gauge("speedwell.events.readers", "Readers of events", () -> readerCount);
    metrics.counter(
        "speedwell.events.dropped", "Events nobody got because too many waited", dropped::sum);
    metrics.counter(
        "speedwell.events.readers.dropped",
        "Readers that did not take what was sent",
        slowReaders::sum);
  }

  int readers() {
    return readerCount;
  }

  /** Readers that were dropped because they did not take what was sent. */
  long slowReaders() {
    return slowReaders.sum();
  }

  /** Ends every reader's stream. */
  @Override
  public void close() {
    owner.execute(() -> readers.forEach(EventStream::end));
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.shutdown();
  }

  private void own(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // the server ends; nobody reads any more
    }
  }

  private void beat() {
    ServerSentEvent beat = ServerSentEvent.ofComment("");
    readers.removeIf(reader -> reader.over() || !kept(reader, beat));
    readerCount = readers.size();
  }

  private boolean kept(EventStream reader, ServerSentEvent event) {
    boolean kept = reader.offer(event);
    if (!kept) {
      slowReaders.increment();
    }
    return kept;
  }

  private void publish(String type, String run, Map<String, Object> more) {
    if (queued.incrementAndGet() > QUEUE) {
      queued.decrementAndGet();
      dropped.increment();
      return;
    }
    own(
        () -> {
          queued.decrementAndGet();
          Map<String, Object> data = new LinkedHashMap<>();
          if (!run.isEmpty()) {
            data.put("run", run);
          }
          data.putAll(more);
          hand(new Event(++ids, type, run, data));
        });
  }

  private void hand(Event event) {
    if (readers.isEmpty()) {
      return;
    }
    ServerSentEvent text = event.sse();
    readers.removeIf(reader -> reader.over() || reader.wants(event) && !kept(reader, text));
    readerCount = readers.size();
  }
}
