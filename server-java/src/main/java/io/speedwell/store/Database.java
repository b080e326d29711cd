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

  private final Jdbi jdbi;

  Database(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Runs the work.
   *
   * @param purpose what it is for, in messages
   */
  <T> T transaction(String purpose, Work<T> work) throws StoreException {
    try {
      return jdbi.inTransaction(work::run);
    } catch (JdbiException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      throw new StoreException("database: %s failed (%s)".formatted(purpose, reason), e);
    }
  }
}
