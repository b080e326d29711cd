package io.speedwell.model;

import io.speedwell.protocol.LayoutBlob;

/** Type of a tensor's elements. */
public enum ElementType {
  /** IEEE 754 binary32, little-endian. */
  F32(LayoutBlob.F32, Float.BYTES);

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
