package io.speedwell.admin;

import com.linecorp.armeria.common.sse.ServerSentEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The events one reader gets. What it does not take waits in a bounded queue; when that is full the
 * reader is dropped. Owned by the thread of its {@link EventHub}; only the methods of {@link
 * Publisher} and {@link Subscription} may be called by others, and hand over to it.
 */
final class EventStream implements Publisher<ServerSentEvent>, Subscription {
  private static final IOException TOO_SLOW = new IOException("the reader is too slow");

  private final String run;
  private final int bound;
  private final Executor owner;
  private final ArrayDeque<ServerSentEvent> waiting = new ArrayDeque<>();
  private Subscriber<? super ServerSentEvent> reader;
  private long wanted;
  private boolean over;

  /**
   * @param run only this run's events; empty: all
   * @param bound events that may wait, 1 or more
   */
  EventStream(String run, int bound, Executor owner) {
    this.run = run;
    this.bound = bound;
    this.owner = owner;
  }

  @Override
  public void subscribe(Subscriber<? super ServerSentEvent> subscriber) {
    owner.execute(
        () -> {
          reader = subscriber;
          subscriber.onSubscribe(this);
          if (over) {
            subscriber.onComplete();
          }
        });
  }

  @Override
  public void request(long events) {
    owner.execute(
        () -> {
          wanted = wanted + events < 0 ? Long.MAX_VALUE : wanted + events;
          pump();
        });
  }

  @Override
  public void cancel() {
    owner.execute(
        () -> {
          over = true;
          waiting.clear();
        });
  }

  /** Whether nothing more will be sent. */
  boolean over() {
    return over;
  }

  boolean wants(Event event) {
    return run.isEmpty() || run.equals(event.run());
  }

  /** Sends it, or keeps it until the reader takes it. Returns false if the reader is dropped. */
  boolean offer(ServerSentEvent event) {
    if (waiting.size() >= bound) {
      over = true;
      waiting.clear();
      if (reader != null) {
        reader.onError(TOO_SLOW); // what it has not taken is given up with its connection
      }
      return false;
    }
    waiting.add(event);
    pump();
    return true;
  }

  /** Nothing more comes. */
  void end() {
    over = true;
    waiting.clear();
    if (reader != null) {
      reader.onComplete();
    }
  }

  private void pump() {
    while (!over && reader != null && wanted > 0 && !waiting.isEmpty()) {
      wanted--;
      reader.onNext(waiting.poll());
    }
  }
}
