package io.speedwell.model;

/** Type of a tensor's elements. */
public enum ElementType {
  /** IEEE 754 binary32, little-endian. */
  F32(1, 4);

  private final int number;
  private final int bytes;

  ElementType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /** Number in a layout blob. */
  public int number() {
    return number;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
