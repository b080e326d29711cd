package io.speedwell.store;

import com.zaxxer.hikari.HikariConfig;
import io.speedwell.run.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jdbi.v3.core.Handle;

/**
 * A PostgreSQL server. An advisory lock, held by a connection of its own for as long as the server
 * runs, keeps other Speedwell servers away; it is taken again after a lost connection.
 */
final class PostgresEngine implements Engine {
  private static final int LOCK = 0x53505744; // "SPWD"; beside it stands the schema
  // a server that was killed a moment ago may still seem to hold it
  private static final String PATIENCE = "SET lock_timeout TO '3s'";
  private static final String TAKE =
      "SELECT pg_advisory_lock(" + LOCK + ", hashtext(current_schema()))";
  private static final String NOT_AVAILABLE = "55P03";
  private static final int ANSWER_S = 5;
  private static final String ALIVE_S = "30"; // a server that says nothing for so long is lost

  private final DatabaseUrl url;
  private Connection lock; // null: not taken

  PostgresEngine(DatabaseUrl url) {
    this.url = url;
  }

  @Override
  public HikariConfig connections() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url.jdbc());
    config.setDataSourceProperties(properties());
    // what is acknowledged is on the disk, whatever the server's or the user's defaults are
    config.setConnectionInitSql("SET synchronous_commit TO on");
    return config;
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "speedwell");
    properties.setProperty("connectTimeout", Integer.toString(ANSWER_S));
    properties.setProperty("socketTimeout", ALIVE_S);
    url.password().ifPresent(secret -> properties.setProperty("password", secret));
    return properties;
  }

  @Override
  public synchronized void hold() throws StoreException {
    try {
      if (lock != null && lock.isValid(ANSWER_S)) {
        return;
      }
      close();
      Connection connection = DriverManager.getConnection(url.jdbc(), properties());
      if (taken(connection)) {
        lock = connection;
        return;
      }
      connection.close();
    } catch (SQLException e) {
      throw new StoreException(
          "database %s: cannot be reached (%s)".formatted(url, Reason.of(e)), e);
    }
    throw new StoreException(
        "database %s: another Speedwell server uses it; stop that server or use another database"
            .formatted(url),
        null);
  }

  private static boolean taken(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(PATIENCE);
      statement.execute(TAKE);
      return true;
    } catch (SQLException e) {
      if (NOT_AVAILABLE.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** A commit waits for the disk by itself. */
  @Override
  public void sync(Handle handle) {
    // nothing to do
  }

  /** A change of the schema is a transaction: all of it happens, or nothing. */
  @Override
  public void keepBefore(Handle handle, String schema) {
    // nothing to do
  }

  @Override
  public String toString() {
    return "database " + url;
  }

  @Override
  public synchronized void close() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (SQLException e) {
      // it is gone already, and the lock with it
    }
    lock = null;
  }
}
