package io.speedwell.round;

import java.util.List;

/** Whom a round may ask: its view of the fleet. Devices of the round itself are not among them. */
public interface Candidates {

  /** Eligible devices that are here and idle. */
  int count();

  /** Picks and takes up to so many of them, in the order of their ids. */
  List<String> take(int wanted);
}
