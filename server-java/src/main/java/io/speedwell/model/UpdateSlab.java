package io.speedwell.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  private static final int BLOCK = 4_096; // elements checked at once: 16 KB stay in the first cache

  private final float[] values;
  private final float[] base;
  private final float range;
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
    int from = (int) (received >>> 2);
    ByteBuffer in = chunk.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while ((received & 3) != 0 && in.hasRemaining()) {
      edge(in.get());
    }
    if ((received & 3) == 0) {
      int whole = in.remaining() >>> 2;
      if (whole > 0) {
        in.asFloatBuffer().get(values, (int) (received >>> 2), whole);
        in.position(in.position() + 4 * whole);
        received += 4L * whole;
      }
    }
    while (in.hasRemaining()) {
      edge(in.get());
    }
    return check(from, (int) (received >>> 2));
  }

  /** Takes one byte of an element that chunks divide. */
  private void edge(byte next) {
    int shift = 8 * (int) (received & 3);
    partial |= Byte.toUnsignedInt(next) << shift;
    if (shift == 24) {
      values[(int) (received >>> 2)] = Float.intBitsToFloat(partial);
      partial = 0;
    }
    received++;
  }

  private boolean check(int from, int to) {
    for (int start = from; start < to; start += BLOCK) {
      int end = Math.min(to, start + BLOCK);
      // Math.max hands NaN on, so one comparison judges the block
      float most = base == null ? most(values, start, end) : most(values, base, start, end);
      if (!(most < range)) {
        fault = find(start, end);
        return false;
      }
    }
    return true;
  }

  private static float most(float[] values, int start, int end) {
    float most = 0;
    for (int i = start; i < end; i++) {
      most = Math.max(most, Math.abs(values[i]));
    }
    return most;
  }

  private static float most(float[] values, float[] base, int start, int end) {
    float most = 0;
    for (int i = start; i < end; i++) {
      most = Math.max(most, Math.abs(values[i] - base[i]));
    }
    return most;
  }

  private Fault find(int start, int end) {
    for (int i = start; i < end; i++) {
      float distance = Math.abs(base == null ? values[i] : values[i] - base[i]);
      if (!(distance < range)) {
        Reason reason = Float.isFinite(values[i]) ? Reason.RANGE : Reason.NON_FINITE;
        return new Fault(reason, i, values[i]);
      }
    }
    throw new AssertionError("a block is out of range, none of its elements is");
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
