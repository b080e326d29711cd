package io.speedwell.protocol;

/**
 * The bytes of a blob are not what its format says. The message tells the format, the place and
 * what is wrong.
 */
public final class BlobFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final CancelReason reason;

  BlobFormatException(CancelReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** What {@link Cancel} says when the blob came with a {@link Result}. */
  public CancelReason reason() {
    return reason;
  }
}
