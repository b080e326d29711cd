package io.speedwell.round;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A weighted mean over a cohort. The sums are exact, so the mean does not depend on the order of
 * its terms; no term is kept.
 */
public final class CohortMean {
  private BigDecimal sum = BigDecimal.ZERO;
  private BigDecimal weight = BigDecimal.ZERO;

  /** Adds a finite value with a finite weight of 0 or more. */
  public void add(double value, double itsWeight) {
    BigDecimal exact = new BigDecimal(itsWeight);
    sum = sum.add(new BigDecimal(value).multiply(exact));
    weight = weight.add(exact);
  }

  /** The mean; NaN when nothing of weight was added. */
  public double value() {
    return weight.signum() == 0
        ? Double.NaN
        : sum.divide(weight, MathContext.DECIMAL64).doubleValue();
  }
}
