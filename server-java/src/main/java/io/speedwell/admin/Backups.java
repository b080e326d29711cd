package io.speedwell.admin;

import io.speedwell.run.StoreException;
import java.nio.file.Path;

/** Copies what a running server has made durable. May block for long; used from any thread. */
@FunctionalInterface
public interface Backups {

  /**
   * What was copied.
   *
   * @param folder where it is
   * @param checkpoints how many models
   * @param bytes of all files
   */
  record Made(String folder, int checkpoints, long bytes) {}

  /**
   * Makes a backup.
   *
   * @param folder to make it in; missing or empty
   */
  Made make(Path folder) throws StoreException;
}
