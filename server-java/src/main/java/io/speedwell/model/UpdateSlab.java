package io.speedwell.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Memory into which one update is received. Bytes are copied once, from the chunk into the array
 * that is folded later, and checked while they are warm: every element must be finite and within
 * the run's range: its distance from 0 (delta) or from the base (weights), computed in binary32, is
 * below it. Rounding is monotonic, so the exact distance is then below it too.
 *
 * <p>Chunks come in order and may begin and end anywhere, also inside an element. One thread
 * writes; when the slab is complete it may be handed, safely published, to others that read.
 */
public final class UpdateSlab {
  /** Why an update is refused. */
  public enum Reason {
    /** NaN or infinite. */
    NON_FINITE,
    /** As far from 0 (delta) or from the base (weights) as the range, or further. */
    RANGE
  }

  /**
   * The first element found unfit.
   *
   * @param reason why
   * @param index index in the update
   * @param value its value
   */
  public record Fault(Reason reason, int index, float value) {}

  private static final int BLOCK = 512; // elements measured at once

  private final float[] values;
  private final float[] base;
  private final float range;
  private final float[] block = new float[BLOCK];
  private final float[] baseBlock;
  private final float[] most = new float[BLOCK]; // largest distance of every 512th element
  private long received;
  private int partial;
  private Fault fault;

  private UpdateSlab(int elements, float[] base, float range) {
    if (!(range > 0) || !Float.isFinite(range)) {
      throw new IllegalArgumentException(
          "range %s: a finite number above 0 is needed".formatted(range));
    }
    this.values = new float[elements];
    this.base = base;
    this.baseBlock = base == null ? null : new float[BLOCK];
    this.range = range;
  }

  /** For an update of encoding weights over this base ({@link Parameters#updateValues()}). */
  public static UpdateSlab weights(float[] base, float range) {
    return new UpdateSlab(base.length, base, range);
  }

  /** For an update of encoding delta with this many elements. */
  public static UpdateSlab delta(int elements, float range) {
    return new UpdateSlab(elements, null, range);
  }

  /**
   * Copies and checks a chunk; its position and order stay as they are.
   *
   * @param offset of the chunk's first byte in the update: always {@link #received()}
   * @return false when an element is unfit: see {@link #fault()}; the slab takes nothing more
   * @throws IllegalArgumentException when the offset is another, or the chunk goes beyond the end
   */
  public boolean write(long offset, ByteBuffer chunk) {
    if (offset != received) {
      throw new IllegalArgumentException("chunk at %d, expected at %d".formatted(offset, received));
    }
    int size = chunk.remaining();
    if (size > bytes() - received) {
      throw new IllegalArgumentException(
          "chunk of %d bytes at %d, the update has %d".formatted(size, offset, bytes()));
    }
    if (fault != null) {
      return false;
    }
    ByteBuffer in = chunk.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while ((received & 3) != 0 && in.hasRemaining()) {
      edge(in.get());
    }
    int whole = in.remaining() >>> 2;
    if (fault == null && whole > 0) {
      take(in.asFloatBuffer(), whole);
      in.position(in.position() + 4 * whole);
    }
    while (fault == null && in.hasRemaining()) {
      edge(in.get());
    }
    return fault == null;
  }

  /** Takes one byte of an element that chunks divide. */
  private void edge(byte next) {
    int shift = 8 * (int) (received & 3);
    partial |= Byte.toUnsignedInt(next) << shift;
    received++;
    if (shift == 24) {
      int at = (int) (received >>> 2) - 1;
      values[at] = Float.intBitsToFloat(partial);
      partial = 0;
      if (!fit(at)) {
        fault = fault(at);
      }
    }
  }

  /**
   * Takes whole elements, block by block: copied out of the chunk, measured while they are in the
   * first cache, copied to their place. One more copy than needed, but the loops that measure work
   * on arrays of the same indices and have no result but another array: that is what the compiler
   * turns into vector instructions.
   */
  private void take(FloatBuffer in, int elements) {
    int from = (int) (received >>> 2);
    Arrays.fill(most, 0);
    for (int done = 0; done < elements; done += BLOCK) {
      int length = Math.min(BLOCK, elements - done);
      in.get(block, 0, length);
      if (base == null) {
        measure(most, block, length);
      } else {
        System.arraycopy(base, from + done, baseBlock, 0, length);
        measure(most, block, baseBlock, length);
      }
      System.arraycopy(block, 0, values, from + done, length);
    }
    received += 4L * elements;
    float largest = 0;
    for (float each : most) {
      largest = Math.max(largest, each);
    }
    // Math.max hands NaN on, so one comparison judges all
    if (!(largest < range)) {
      fault = find(from, from + elements);
    }
  }

  private static void measure(float[] most, float[] values, int length) {
    for (int i = 0; i < length; i++) {
      most[i] = Math.max(most[i], Math.abs(values[i]));
    }
  }

  private static void measure(float[] most, float[] values, float[] base, int length) {
    for (int i = 0; i < length; i++) {
      most[i] = Math.max(most[i], Math.abs(values[i] - base[i]));
    }
  }

  private Fault find(int start, int end) {
    for (int i = start; i < end; i++) {
      if (!fit(i)) {
        return fault(i);
      }
    }
    throw new AssertionError("elements are out of range, none of them is");
  }

  private boolean fit(int i) {
    return Math.abs(base == null ? values[i] : values[i] - base[i]) < range;
  }

  private Fault fault(int i) {
    Reason reason = Float.isFinite(values[i]) ? Reason.RANGE : Reason.NON_FINITE;
    return new Fault(reason, i, values[i]);
  }

  /** What was found unfit; empty while all is well. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  /** Bytes received so far. */
  public long received() {
    return received;
  }

  /** Bytes of the whole update. */
  public long bytes() {
    return 4L * values.length;
  }

  /** Whether every byte is here and every element fit. */
  public boolean complete() {
    return received == bytes() && fault == null;
  }

  /** The elements; shared. Elements beyond {@link #received()} are 0. */
  public float[] values() {
    return values;
  }

  /** Elements of the whole update. */
  public int elements() {
    return values.length;
  }
}
