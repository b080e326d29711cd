package io.speedwell.model;

/** What may happen to a tensor. The ordinal is the number in a layout blob. */
public enum Rule {
  /** Sent down, trained, sent up, averaged. */
  MEAN,
  /** Sent down, sent up, summed. */
  SUM,
  /** Never leaves the device, never comes from the server. */
  LOCAL,
  /** Sent down, never sent up. */
  FROZEN;

  /** Whether the server holds the tensor and sends it down. */
  public boolean inParameters() {
    return this != LOCAL;
  }

  /** Whether an update carries the tensor. */
  public boolean inUpdate() {
    return this == MEAN || this == SUM;
  }
}
