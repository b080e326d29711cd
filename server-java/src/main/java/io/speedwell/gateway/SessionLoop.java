package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.Traffic;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What the sessions of one event loop share: their deadlines, and the table in which commands find
 * them. A session's id tells its loop. Confined to the event loop but for {@link #traffic}, {@link
 * #tell}, {@link #tellAll} and {@link #execute}.
 */
final class SessionLoop {
  private final EventLoop loop;
  private final int index;
  private final int loops;
  private final LongSupplier clock;
  private final DeadlineWheel wheel;
  private final LoopReads reads = new LoopReads();
  private final LongAdder written = new LongAdder();
  private final LongObjectMap<SessionHandler> sessions = new LongObjectHashMap<>();
  private long created;

  /**
   * @param index of the loop, 0..loops-1
   * @param clock milliseconds that never run backwards
   */
  SessionLoop(EventLoop loop, int index, int loops, LongSupplier clock) {
    this.loop = loop;
    this.index = index;
    this.loops = loops;
    this.clock = clock;
    this.wheel = new DeadlineWheel(loop, clock);
  }

  /** The index of the loop a session lives on. */
  static int indexOf(long session, int loops) {
    return (int) (session % loops);
  }

  EventLoop eventLoop() {
    return loop;
  }

  LoopReads reads() {
    return reads;
  }

  /** Counts bytes that were given to a channel. */
  void wrote(int bytes) {
    written.add(bytes);
  }

  /** Bytes both ways so far; from any thread. */
  Traffic traffic() {
    return new Traffic(reads.bytes(), written.sum());
  }

  DeadlineWheel wheel() {
    return wheel;
  }

  long now() {
    return clock.getAsLong();
  }

  /** Takes a new session in and gives it its id, never used before. */
  long add(SessionHandler handler) {
    created++;
    long id = created * loops + index;
    sessions.put(id, handler);
    return id;
  }

  void remove(long id) {
    sessions.remove(id);
  }

  /** The channels of the sessions there are, in no order; from any other thread than the loop's. */
  List<Channel> channels() {
    return loop.submit(() -> sessions.values().stream().map(SessionHandler::channel).toList())
        .awaitUninterruptibly()
        .getNow();
  }

  /** From any thread. A session that is over does not hear it. */
  void tell(long session, SessionEvent.Command command) {
    execute(
        () -> {
          SessionHandler handler = sessions.get(session);
          if (handler != null) {
            handler.tell(command);
          }
        });
  }

  /** From any thread. */
  void tellAll(SessionEvent.Command command) {
    execute(() -> List.copyOf(sessions.values()).forEach(session -> session.tell(command)));
  }

  /** From any thread. Returns false when the loop has ended: the task will not run. */
  boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
