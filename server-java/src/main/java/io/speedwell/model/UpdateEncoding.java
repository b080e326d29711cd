package io.speedwell.model;

/** What the numbers of an update mean. */
public enum UpdateEncoding {
  /** The values after training themselves. */
  WEIGHTS,
  /** Per element, the value after training minus the base, in binary32. */
  DELTA
}
