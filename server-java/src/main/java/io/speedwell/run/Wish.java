package io.speedwell.run;

/** What the operator wants of a run. */
public enum Wish {
  GO,
  /** It is to rest before its next round. */
  PAUSE,
  /** It is to end before its next round. */
  STOP
}
