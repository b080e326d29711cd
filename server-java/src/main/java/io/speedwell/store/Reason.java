package io.speedwell.store;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Says in words why a file operation failed; the messages of some exceptions are bare paths. */
final class Reason {
  private Reason() {}

  static String of(Exception e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "it is missing";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in its place";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
