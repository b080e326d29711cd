package io.speedwell.store;

import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A server's data folder, opened for one process alone: the checkpoint files, and the database in
 * it or elsewhere.
 *
 * <p>Opening makes what is missing, brings the database to the newest schema and sweeps files that
 * no row keeps. The stores may be used from any thread; commits should come from one.
 */
public final class DataFolder implements AutoCloseable {
  private final FolderLock lock;
  private final Database database;
  private final SqlRunStore runs;
  private final PlanLedger plans;
  private final Backup backup;

  private DataFolder(
      FolderLock lock, Database database, CheckpointFiles files, Retention retention) {
    this.lock = lock;
    this.database = database;
    this.runs = new SqlRunStore(database, files, retention);
    this.plans = new PlanLedger(database);
    this.backup = new Backup(database, files, runs.held());
  }

  /** Opens a folder that has its own database and keeps every checkpoint. */
  public static DataFolder open(Path folder) throws StoreException {
    return open(folder, StoreSettings.DEFAULTS);
  }

  /**
   * Opens a folder.
   *
   * @throws StoreException when another process has it open, it cannot be written, its database is
   *     damaged, of another version or cannot be reached, or the two do not belong together; the
   *     message says which, and what to do
   */
  public static DataFolder open(Path folder, StoreSettings settings) throws StoreException {
    Path absolute = folder.toAbsolutePath().normalize();
    FolderLock lock = make(absolute);
    Database database = null;
    try {
      CheckpointFiles files = CheckpointFiles.open(absolute.resolve("checkpoints"));
      database = Database.open(engine(absolute, settings.database()));
      Schema.migrate(database);
      FolderIdentity.bind(database, absolute, files.any());
      DataFolder opened = new DataFolder(lock, database, files, settings.retention());
      opened.runs.sweep();
      return opened;
    } catch (StoreException | RuntimeException e) {
      if (database != null) {
        database.close();
      }
      lock.close();
      throw e;
    }
  }

  /** Makes a folder if it is missing, and takes it for this process. */
  static FolderLock make(Path absolute) throws StoreException {
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
    return FolderLock.take(absolute);
  }

  static Engine engine(Path absolute, DatabaseUrl url) {
    return url.embedded() ? new H2Engine(absolute) : new PostgresEngine(url);
  }

  /** The runs. */
  public RunStore runs() {
    return runs;
  }

  /** The plans that the runs go by. */
  public PlanLedger plans() {
    return plans;
  }

  /** Copies of all this, while it is used. */
  public Backup backup() {
    return backup;
  }

  /** Closes the database and lets go of the folder. Nothing committed is waiting to be written. */
  @Override
  public void close() {
    database.close();
    lock.close();
  }
}
