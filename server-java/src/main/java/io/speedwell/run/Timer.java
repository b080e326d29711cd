package io.speedwell.run;

/**
 * Time, as it is given to the coordinator: a steady clock in production, a virtual one in tests and
 * simulation.
 */
public interface Timer {

  /** Milliseconds on a clock that never runs backwards; its zero means nothing. */
  long nowMs();

  /** Runs the task once {@link #nowMs()} has reached the time, on any thread; at once if it has. */
  void at(long timeMs, Runnable task);
}
