package io.speedwell.aggregate;

/**
 * Makes sums of floats exact, with nothing but operations on floats, which a processor does sixteen
 * at once: every term is split into two parts, each rounded to a multiple of a power of two, its
 * <i>grid</i>, before it is added.
 *
 * <pre>
 *   high = (t + H) - H          H = 1.5 * 2^(c+23)    c: the coarse grid is 2^c
 *   low  = ((t - high) + L) - L     L = 1.5 * 2^(f+23)    f: the fine grid is 2^f
 * </pre>
 *
 * <p>Rounding: floats in [2^(g+23), 2^(g+24)] are exactly the multiples of 2^g, so for |x| <=
 * 2^(g+22) the sum x + 1.5 * 2^(g+23) rounds x to the grid, to nearest, and taking the magnet away
 * again is exact. What is left, t - high, is a multiple of t's last bit and not larger than t: a
 * float. So high + low is t rounded to the fine grid, a function of t alone.
 *
 * <p>Depth: up to {@link #DEPTH} = 2^j terms of |t| <= 2^e are added as floats, high to high, low
 * to low, before both are carried into a double. No addition rounds, in whatever order: |high| <=
 * 2^e and |low| <= 2^(c-1), so the sums stay within 2^(e+j) and 2^(c-1+j), which is to say within
 * the 2^24 multiples of their grids that floats hold, if c = e + j - 24 and f >= e + 2j - 49. Both
 * c and f are then large enough for the rounding above.
 *
 * <p>Carry: a double holds every multiple of 2^f up to 2^(f+53). There are at most n terms, each at
 * most 2^e after rounding too (2^e is on the grid), so no sum of doubles rounds if f >= e + log2(n)
 * - 53. Exact addition is associative and commutative, so the sum depends on the set of terms
 * alone; a zero is always +0, so its bits do too.
 *
 * @param coarse c as above
 * @param fine f as above
 */
record Grid(int coarse, int fine) {
  private static final int LOG_DEPTH = 4;

  /** Most terms added as floats before they are carried. */
  static final int DEPTH = 1 << LOG_DEPTH;

  /**
   * The finest grids for at most this many terms (at least 1) of at most this magnitude
   * (2^-100..2^100).
   */
  static Grid of(double term, int terms) {
    int e = exponentAbove(term);
    int fine = Math.max(e + 2 * LOG_DEPTH - 49, e + exponentAbove(terms) - 53);
    return new Grid(e + LOG_DEPTH - 24, fine);
  }

  /** The least e with 2^e >= x. */
  private static int exponentAbove(double x) {
    int e = Math.getExponent(x);
    return x == Math.scalb(1.0, e) ? e : e + 1;
  }

  /** H: rounds a term to the coarse grid. */
  float high() {
    return Math.scalb(1.5f, coarse + 23);
  }

  /** L: rounds what the coarse grid left to the fine grid. */
  float low() {
    return Math.scalb(1.5f, fine + 23);
  }

  /** Distance of neighbours on the fine grid: a term is rounded by half of it at most. */
  double step() {
    return Math.scalb(1.0, fine);
  }
}
