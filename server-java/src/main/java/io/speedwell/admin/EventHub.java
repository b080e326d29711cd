package io.speedwell.admin;

import com.linecorp.armeria.common.sse.ServerSentEvent;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.Evaluation;
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
public final class EventHub implements RunListener, AutoCloseable {
  private static final int QUEUE = 10_000;
  private static final int QUEUE_OF_READER = 256;
  private static final int READERS = 64;
  private static final long HEARTBEAT_S = 15;

  private final ScheduledThreadPoolExecutor thread;
  private final Executor owner = this::own;
  private final AtomicInteger queued = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder slowReaders = new LongAdder();
  private final List<EventStream> readers = new ArrayList<>(); // the thread's
  private volatile int readerCount;
  private long ids; // the thread's

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

  /**
   * A new reader's events, from now on.
   *
   * @param run only this run's, and those that belong to none; empty: all
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

  // ---- what happens

  @Override
  public void deviceJoined(String device, int present) {
    publish("device-joined", "", Map.of("device", device, "present", present));
  }

  @Override
  public void deviceLeft(String device, String why, int present) {
    publish("device-left", "", Map.of("device", device, "why", why, "present", present));
  }

  @Override
  public void deviceRefused(String run, String device, String reason) {
    publish("device-refused", run, Map.of("device", device, "why", reason));
  }

  @Override
  public void runStarted(String run, int committedRound) {
    publish("run-started", run, Map.of("round", committedRound));
  }

  @Override
  public void runPaused(String run, int committedRound) {
    publish("run-paused", run, Map.of("round", committedRound));
  }

  @Override
  public void runResumed(String run, int committedRound) {
    publish("run-resumed", run, Map.of("round", committedRound));
  }

  @Override
  public void waitingForDevices(String run, int round, int present, int needed) {
    publish("round-waiting", run, Map.of("round", round, "present", present, "needed", needed));
  }

  @Override
  public void roundStarted(String run, int round, int attempt, int devices) {
    publish("round-started", run, Map.of("round", round, "attempt", attempt, "devices", devices));
  }

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    publish("round-abandoned", run, Map.of("round", round, "attempt", attempt, "why", why));
  }

  @Override
  public void roundCommitted(String run, Checkpoint checkpoint) {
    if (checkpoint.round() > 0) {
      publish(
          "round-committed",
          run,
          Map.of("round", checkpoint.round(), "summary", Views.round(checkpoint.summary(), null)));
    }
  }

  @Override
  public void evaluated(String run, Evaluation evaluation) {
    publish(
        "round-evaluated",
        run,
        Map.of("round", evaluation.round(), "metrics", Views.metrics(evaluation)));
  }

  @Override
  public void evaluatorGone(String run, int round) {
    publish("evaluator-gone", run, Map.of("round", round));
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    publish("store-failed", run, Map.of("why", why, "retryMs", retryMs));
  }

  @Override
  public void storeRecovered(String run) {
    publish("store-recovered", run, Map.of());
  }

  @Override
  public void runFailed(String run, String why) {
    publish("run-failed", run, Map.of("why", why));
  }

  @Override
  public void runEnded(String run, String why, Checkpoint last) {
    publish("run-ended", run, Map.of("round", last.round(), "why", why));
  }
}
