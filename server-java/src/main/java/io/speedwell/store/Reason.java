package io.speedwell.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** What lies at the bottom of a chain of causes, in one line. */
  static String deepest(Throwable e) {
    Throwable bottom = bottom(e);
    String message = bottom instanceof Exception known ? of(known) : bottom.toString();
    return message.lines().findFirst().orElse("").strip();
  }

  /** Whether it was the operating system that could not read or write. */
  static boolean ofTheDisk(Throwable e) {
    return bottom(e) instanceof IOException;
  }

  private static Throwable bottom(Throwable e) {
    Throwable bottom = e;
    while (bottom.getCause() != null) {
      bottom = bottom.getCause();
    }
    return bottom;
  }
}
