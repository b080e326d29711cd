package io.speedwell.load;

/** What a light device does. */
enum Behaviour {
  /** Takes part in rounds: downloads, sends an update, comes back after goodbyes and losses. */
  HONEST,
  /** As honest, but stops in the middle of every upload. */
  STALL,
  /** As honest, but hardly reads once a model comes. */
  SLOW_READER,
  /** Says one byte of a hello a minute. */
  HALF_OPEN,
  /** Connects, and leaves at once. */
  STORM
}
