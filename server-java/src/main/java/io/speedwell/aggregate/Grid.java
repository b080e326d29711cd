package io.speedwell.aggregate;

/**
 * Makes sums of doubles exact by rounding every term, before it is added, to a multiple of one
 * power of two, the <i>grid</i> g = 2^(k-52).
 *
 * <p>{@code round(x) = (x + M) - M} with M = 1.5 * 2^k. For |x| <= 2^(k-1) the first sum lies in
 * [2^k, 2^(k+1)], where doubles are exactly the multiples of g: that addition rounds x to the grid,
 * to nearest, and the subtraction is exact (its result is a multiple of g far below 2^53 g). The
 * error of a term is at most g/2.
 *
 * <p>k follows from a bound known before the first term: |x| <= 2^e, and there are at most n terms.
 * It is the least with k - 1 >= e and k + 1 >= e + log2(n). 2^e is on the grid, so rounded terms
 * are at most 2^e too, and every partial sum, in whatever order and split, is a multiple of g of at
 * most n 2^e <= 2^(k+1) = 2^53 g: a double. No addition of the sum ever rounds. Exact addition is
 * associative and commutative, so the sum depends on the set of terms alone; a zero is always +0,
 * so its bits do too.
 *
 * @param k as above
 */
record Grid(int k) {
  /**
   * The grid for at most this many terms (at least 1) of at most this magnitude (finite, above 0).
   */
  static Grid of(double term, int terms) {
    int e = exponentAbove(term);
    return new Grid(Math.max(e + 1, e + exponentAbove(terms) - 1));
  }

  /** The least e with 2^e >= x. */
  private static int exponentAbove(double x) {
    int e = Math.getExponent(x);
    return x == Math.scalb(1.0, e) ? e : e + 1;
  }

  /** M: what is added and taken away again. */
  double magnet() {
    return Math.scalb(1.5, k);
  }

  /** g: distance of neighbours on the grid. */
  double step() {
    return Math.scalb(1.0, k - 52);
  }
}
