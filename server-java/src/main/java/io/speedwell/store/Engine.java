package io.speedwell.store;

import com.zaxxer.hikari.HikariConfig;
import io.speedwell.run.StoreException;
import org.jdbi.v3.core.Handle;

/** What differs between the databases. Thread-safe. */
interface Engine extends AutoCloseable {

  /** How to connect. */
  HikariConfig connections();

  /**
   * Makes sure that no other server writes to this database.
   *
   * @throws StoreException when another one does, or the database cannot be asked
   */
  void hold() throws StoreException;

  /** Waits until everything committed so far is on the disk. */
  void sync(Handle handle);

  /** Keeps a copy of the database before its schema changes, where that cannot be undone. */
  void keepBefore(Handle handle, String schema);

  /** How messages call it. */
  @Override
  String toString();

  @Override
  void close();
}
