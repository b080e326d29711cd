package io.speedwell.store;

import io.speedwell.run.StoreException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Runs work in a transaction and says in our words when the database fails. */
final class Database {
  /** Work in a transaction: all of it happens, or nothing. */
  @FunctionalInterface
  interface Work<T> {
    T run(Handle handle) throws StoreException;
  }

  // H2 hands commits to the operating system (WRITE_DELAY=0) but does not wait for the disk
  private static final String SYNC = "CHECKPOINT SYNC";

  private final Jdbi jdbi;

  Database(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Reads in one transaction.
   *
   * @param purpose what it is for, in messages
   */
  <T> T read(String purpose, Work<T> work) throws StoreException {
    try {
      return jdbi.inTransaction(work::run);
    } catch (JdbiException e) {
      throw failed(purpose, e);
    }
  }

  /** Writes in one transaction; when this returns, what was written survives a power cut. */
  <T> T write(String purpose, Work<T> work) throws StoreException {
    T result = read(purpose, work);
    sync(purpose);
    return result;
  }

  /** Waits until everything committed so far is on the disk. */
  void sync(String purpose) throws StoreException {
    try {
      jdbi.withHandle(handle -> handle.execute(SYNC));
    } catch (JdbiException e) {
      throw failed(purpose, e);
    }
  }

  private static StoreException failed(String purpose, JdbiException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new StoreException("database: %s failed (%s)".formatted(purpose, reason), e);
  }
}
