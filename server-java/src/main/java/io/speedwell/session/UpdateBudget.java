package io.speedwell.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The memory all updates of the server share, in bytes. First come, first served: a request that
 * does not fit waits, and those behind it wait too, so that a large one is never starved by small
 * ones.
 *
 * <p>Safe to use from any thread. Grants are called without a lock held, on the thread that made
 * the room (or asked); they must hand over and return.
 */
public final class UpdateBudget {
  private final long capacity;
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();
  private long free;

  /**
   * @param capacity bytes, 1 or more
   */
  public UpdateBudget(long capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "the update budget must be at least 1 byte, not " + capacity);
    }
    this.capacity = capacity;
    this.free = capacity;
  }

  /** A request that was granted, waits, or was withdrawn. */
  public final class Request {
    private final long bytes;
    private final Consumer<Reservation> granted;

    private Request(long bytes, Consumer<Reservation> granted) {
      this.bytes = bytes;
      this.granted = granted;
    }

    /**
     * Withdraws the request if it still waits; otherwise the grant was or will be called, and must
     * be released.
     */
    public void withdraw() {
      List<Request> ready;
      synchronized (UpdateBudget.this) {
        waiting.remove(this);
        ready = takeReady();
      }
      grant(ready);
    }
  }

  /**
   * Asks for memory.
   *
   * @param bytes 1..{@link #capacity()}
   * @param granted called once with the reservation, within this call if there is room
   * @throws IllegalArgumentException if the bytes can never be granted
   */
  public Request request(long bytes, Consumer<Reservation> granted) {
    if (bytes < 1 || bytes > capacity) {
      throw new IllegalArgumentException(
          "an update of "
              + bytes
              + " bytes can never fit an update budget of "
              + capacity
              + " bytes");
    }
    Request request = new Request(bytes, granted);
    List<Request> ready;
    synchronized (this) {
      waiting.add(request);
      ready = takeReady();
    }
    grant(ready);
    return request;
  }

  public long capacity() {
    return capacity;
  }

  /** Bytes nobody has reserved. */
  public synchronized long free() {
    return free;
  }

  /** Requests that wait. */
  public synchronized int waiting() {
    return waiting.size();
  }

  void giveBack(long bytes) {
    List<Request> ready;
    synchronized (this) {
      free += bytes;
      ready = takeReady();
    }
    grant(ready);
  }

  private List<Request> takeReady() {
    List<Request> ready = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.peek().bytes <= free) {
      Request request = waiting.poll();
      free -= request.bytes;
      ready.add(request);
    }
    return ready;
  }

  private void grant(List<Request> ready) {
    for (Request request : ready) {
      request.granted.accept(new Reservation(this, request.bytes));
    }
  }
}
