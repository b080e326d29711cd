package io.speedwell.model.file;

import java.io.IOException;
import java.nio.file.Path;

/** A file that holds no model, or not the one asked for; the message names file and tensor. */
public final class ModelFileException extends IOException {
  private static final long serialVersionUID = 1L;

  ModelFileException(Path file, String message, Object... arguments) {
    super(file + ": " + message.formatted(arguments));
  }
}
