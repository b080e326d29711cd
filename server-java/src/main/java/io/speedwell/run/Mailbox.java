package io.speedwell.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A serial mailbox on a borrowed executor: what is posted runs in order, never two at a time, each
 * with effects visible to the next. Nothing posted is ever lost; above its bound the mailbox asks
 * its callers to stop reading from their links, which is what limits it. Safe to post to from any
 * thread.
 */
final class Mailbox {
  private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
  private static final int BATCH = 256; // then others get their turn on the executor

  private final Executor executor;
  private final int bound;
  private final Runnable afterEach;
  private final ArrayDeque<Runnable> letters = new ArrayDeque<>();
  private final List<Runnable> waitingForRoom = new ArrayList<>();
  private boolean running;
  private long overruns;

  /**
   * @param bound letters above which {@link #post} asks to stop
   * @param afterEach run after each letter, in turn
   */
  Mailbox(Executor executor, int bound, Runnable afterEach) {
    this.executor = executor;
    this.bound = bound;
    this.afterEach = afterEach;
  }

  /** Takes a letter; false: it is taken, but the mailbox is above its bound. */
  boolean post(Runnable letter) {
    boolean start;
    boolean room;
    synchronized (letters) {
      letters.add(letter);
      start = !running;
      running = true;
      room = letters.size() <= bound;
      overruns += room ? 0 : 1;
    }
    if (start) {
      executor.execute(this::run);
    }
    return room;
  }

  /** Calls back once there is room; at once if there is. */
  void whenRoom(Runnable callback) {
    synchronized (letters) {
      if (letters.size() > bound) {
        waitingForRoom.add(callback);
        return;
      }
    }
    callback.run();
  }

  /** Letters that wait. */
  int waiting() {
    synchronized (letters) {
      return letters.size();
    }
  }

  /** How often the mailbox was above its bound when a letter came. */
  long overruns() {
    synchronized (letters) {
      return overruns;
    }
  }

  private void run() {
    for (int i = 0; i < BATCH; i++) {
      Runnable letter;
      List<Runnable> roomy = List.of();
      synchronized (letters) {
        letter = letters.poll();
        if (letter == null) {
          running = false;
          return;
        }
        if (letters.size() <= bound && !waitingForRoom.isEmpty()) {
          roomy = List.copyOf(waitingForRoom);
          waitingForRoom.clear();
        }
      }
      roomy.forEach(this::guarded);
      guarded(letter);
      guarded(afterEach);
    }
    executor.execute(this::run);
  }

  /** One defect must not silence the whole server. */
  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("A defect in the coordinator; please report it", e);
    }
  }
}
