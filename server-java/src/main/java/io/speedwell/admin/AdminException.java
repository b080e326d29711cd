package io.speedwell.admin;

import com.linecorp.armeria.common.HttpStatus;

/** A request that cannot be answered as it was meant; its message is for the caller. */
final class AdminException extends RuntimeException {
  private final transient HttpStatus status;

  AdminException(HttpStatus status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  HttpStatus status() {
    return status;
  }
}
