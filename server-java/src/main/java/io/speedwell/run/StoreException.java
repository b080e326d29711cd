package io.speedwell.run;

/**
 * The store could not do what was asked; what was there before is still there. The message says
 * what and where.
 */
public final class StoreException extends Exception {
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
