package io.speedwell.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Words for exceptions whose own message is a bare file name or nothing. */
public final class Problems {
  private Problems() {}

  /** A short lower-case phrase such as "no such file". */
  public static String describe(Throwable problem) {
    if (problem instanceof NoSuchFileException) {
      return "no such file";
    }
    if (problem instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (problem instanceof FileAlreadyExistsException) {
      return "is there already, and is no folder";
    }
    if (problem instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    String message = problem.getMessage();
    return message == null ? problem.getClass().getSimpleName() : message;
  }

  /** A user error for a file that cannot be read. */
  public static UserError file(Path path, IOException problem) {
    return new UserError(ExitCodes.BAD_INPUT, path + ": " + describe(problem), problem);
  }

  /** A user error for a folder in which something cannot be written. */
  public static UserError folder(Path folder, IOException problem) {
    String file = problem instanceof FileSystemException named ? named.getFile() : null;
    String where = file == null ? folder.toString() : file;
    return new UserError(ExitCodes.DATA_FOLDER, where + ": " + describe(problem), problem);
  }
}
