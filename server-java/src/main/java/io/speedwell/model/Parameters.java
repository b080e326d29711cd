package io.speedwell.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A model: the values of a layout's parameters.
 *
 * <p>Immutable by convention: {@link #values()} is the array itself, shared by everybody who reads
 * it, and nobody writes to it. Safe to hand to other threads.
 */
public final class Parameters {
  private final Layout layout;
  private final float[] values;

  private Parameters(Layout layout, float[] values) {
    this.layout = layout;
    this.values = values;
  }

  /**
   * Takes over the array, which the caller must not change any more.
   *
   * @throws IllegalArgumentException when it has not layout.parameterCount() elements
   */
  public static Parameters of(Layout layout, float[] values) {
    if (values.length != layout.parameterCount()) {
      throw new IllegalArgumentException(
          "%d values for a layout of %d parameters"
              .formatted(values.length, layout.parameterCount()));
    }
    return new Parameters(layout, values);
  }

  /**
   * Reads a PARAMETERS blob.
   *
   * @throws IllegalArgumentException when it has not 4 bytes for each parameter
   */
  public static Parameters fromBlob(Layout layout, ByteBuffer blob) {
    if (blob.remaining() != 4L * layout.parameterCount()) {
      throw new IllegalArgumentException(
          "%d bytes for a layout of %d parameters"
              .formatted(blob.remaining(), layout.parameterCount()));
    }
    float[] values = new float[layout.parameterCount()];
    blob.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new Parameters(layout, values);
  }

  /** The PARAMETERS blob: 4 bytes for each parameter, little-endian; a new buffer. */
  public ByteBuffer toBlob() {
    ByteBuffer blob = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    blob.asFloatBuffer().put(values);
    return blob;
  }

  /** The layout. */
  public Layout layout() {
    return layout;
  }

  /** All values, in the layout's order; shared, not to be written to. */
  public float[] values() {
    return values;
  }

  /**
   * The values that an update replaces, in the update's order; shared, not to be written to. The
   * same array as {@link #values()} when every parameter is sent up, else a new one: take it once a
   * round.
   */
  public float[] updateValues() {
    if (layout.updateIsParameters()) {
      return values;
    }
    float[] picked = new float[layout.updateCount()];
    for (Layout.Segment s : layout.segments()) {
      System.arraycopy(values, s.parameter(), picked, s.update(), s.length());
    }
    return picked;
  }

  /** Index of the first value that is NaN or infinite; -1 when all are finite. */
  public int firstNonFinite() {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  /** Equal when the layouts are equal and every value has the same bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Parameters parameters
        && layout.equals(parameters.layout)
        && Arrays.equals(values, parameters.values);
  }

  @Override
  public int hashCode() {
    return 31 * layout.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Parameters[" + layout.tensors().size() + " tensors, " + values.length + " values]";
  }
}
