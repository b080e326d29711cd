package io.speedwell.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.speedwell.run.StoreException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Runs work in a transaction and says in our words when the database fails. After a failure it
 * begins with new connections, so that it works again as soon as the disk or the server does.
 * Thread-safe.
 */
final class Database implements AutoCloseable {
  /** Work in a transaction: all of it happens, or nothing. */
  @FunctionalInterface
  interface Work<T> {
    T run(Handle handle) throws StoreException;
  }

  private static final int MAX_CONNECTIONS = 4;
  private static final long CONNECT_MS = TimeUnit.SECONDS.toMillis(5);

  private final Engine engine;
  private final HikariDataSource connections;
  private final Jdbi jdbi;

  private Database(Engine engine, HikariDataSource connections) {
    this.engine = engine;
    this.connections = connections;
    this.jdbi = Jdbi.create(connections);
  }

  /** Connects; the schema is whatever it is. */
  static Database open(Engine engine) throws StoreException {
    try {
      engine.hold();
      HikariConfig config = engine.connections();
      config.setPoolName("database");
      config.setMaximumPoolSize(MAX_CONNECTIONS);
      config.setMinimumIdle(1);
      config.setConnectionTimeout(CONNECT_MS);
      return new Database(engine, new HikariDataSource(config));
    } catch (StoreException e) {
      engine.close();
      throw e;
    } catch (PoolInitializationException e) {
      engine.close();
      throw unusable(engine, e);
    }
  }

  /** The database cannot be opened or brought to the schema. */
  static StoreException unusable(Engine engine, Exception e) {
    String why = Reason.deepest(e);
    String problem =
        Reason.ofTheDisk(e)
            ? "cannot be opened (%s); put that right and start again"
            : "cannot be used (%s); it is damaged or was changed by something else. Restore a"
                + " backup into another folder";
    return new StoreException(("%s: its database " + problem).formatted(engine, why), e);
  }

  Engine engine() {
    return engine;
  }

  DataSource source() {
    return connections;
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

  /** Reads in one transaction that sees one moment, whatever is written meanwhile. */
  <T> T readMoment(String purpose, Work<T> work) throws StoreException {
    try {
      return jdbi.inTransaction(TransactionIsolationLevel.SERIALIZABLE, work::run);
    } catch (JdbiException e) {
      throw failed(purpose, e);
    }
  }

  /** Writes in one transaction; when this returns, what was written survives a power cut. */
  <T> T write(String purpose, Work<T> work) throws StoreException {
    engine.hold();
    T result = read(purpose, work);
    sync(purpose);
    return result;
  }

  /** Waits until everything committed so far is on the disk. */
  void sync(String purpose) throws StoreException {
    try {
      jdbi.useHandle(engine::sync);
    } catch (JdbiException e) {
      throw failed(purpose, e);
    }
  }

  private StoreException failed(String purpose, JdbiException e) {
    connections.getHikariPoolMXBean().softEvictConnections();
    return new StoreException("database: %s failed (%s)".formatted(purpose, Reason.deepest(e)), e);
  }

  @Override
  public void close() {
    connections.close();
    engine.close();
  }
}
