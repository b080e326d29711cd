package io.speedwell.store;

import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Jdbi;

/**
 * A server's data folder, opened for one process alone: the database and the checkpoint files.
 *
 * <p>Opening makes what is missing, brings the database to the newest schema and sweeps files that
 * no row knows. The stores may be used from any thread; commits should come from one.
 */
public final class DataFolder implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 4;

  private final FolderLock lock;
  private final JdbcConnectionPool connections;
  private final SqlRunStore runs;
  private final PlanLedger plans;

  private DataFolder(FolderLock lock, JdbcConnectionPool connections, CheckpointFiles files)
      throws StoreException {
    Database database = new Database(Jdbi.create(connections));
    this.lock = lock;
    this.connections = connections;
    this.runs = new SqlRunStore(database, files);
    this.plans = new PlanLedger(database);
    runs.sweep();
  }

  /**
   * Opens a folder.
   *
   * @throws StoreException when another process has it open, it cannot be written, or its database
   *     is damaged or of another version; the message says which, and what to do
   */
  public static DataFolder open(Path folder) throws StoreException {
    Path absolute = folder.toAbsolutePath().normalize();
    if (absolute.toString().contains(";")) {
      throw new StoreException(
          "data folder %s: its path has a ';', which H2 does not allow".formatted(absolute), null);
    }
    try {
      Files.createDirectories(absolute);
    } catch (IOException e) {
      throw new StoreException(
          "data folder %s: cannot be made (%s)".formatted(absolute, Reason.of(e)), e);
    }
    FolderLock lock = FolderLock.take(absolute);
    JdbcConnectionPool connections = null;
    try {
      CheckpointFiles files = CheckpointFiles.open(absolute.resolve("checkpoints"));
      // without WRITE_DELAY=0 a killed process loses the commits it acknowledged last
      String url =
          "jdbc:h2:file:" + absolute.resolve("speedwell") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
      connections = JdbcConnectionPool.create(url, "", "");
      connections.setMaxConnections(MAX_CONNECTIONS);
      Schema.migrate(connections, absolute);
      return new DataFolder(lock, connections, files);
    } catch (StoreException | RuntimeException e) {
      if (connections != null) {
        connections.dispose();
      }
      lock.close();
      throw e;
    }
  }

  /** The runs. */
  public RunStore runs() {
    return runs;
  }

  /** The plans that the runs go by. */
  public PlanLedger plans() {
    return plans;
  }

  /** Closes the database and lets go of the folder. Nothing committed is waiting to be written. */
  @Override
  public void close() {
    connections.dispose();
    lock.close();
  }
}
