package io.speedwell.model;

/**
 * The generator behind everything seeded in a model: SplitMix64 (Steele, Lea, Flood 2014). Integer
 * operations only, so the same on every machine.
 *
 * <p>state += 0x9E3779B97F4A7C15; z = state; z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9; z = (z ^ z
 * >>> 27) * 0x94D049BB133111EB; result = z ^ z >>> 31.
 *
 * <p>Not thread-safe; one owner.
 */
public final class SplitMix64 {
  private long state;

  /** Begins at this seed. */
  public SplitMix64(long seed) {
    this.state = seed;
  }

  /** The next 64 bits. */
  public long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1): the upper 24 bits of {@link #next()}, times 2^-24; exact in binary32. */
  public float nextFloat() {
    return (next() >>> 40) * 0x1p-24f;
  }
}
