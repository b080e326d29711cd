package io.speedwell.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.flywaydb.core.api.MigrationVersion;
import org.jdbi.v3.core.Handle;

/** Makes a data folder, and its database, out of a {@link Backup}. */
public final class Restore {
  private final Path backup;
  private final Backup.Index index;

  private Restore(Path backup, Backup.Index index) {
    this.backup = backup;
    this.index = index;
  }

  /**
   * Makes a data folder as the backup has it. Every file is checked by its hash before anything is
   * made; when something fails later, the folder is empty again.
   *
   * @param backup a whole backup
   * @param folder missing or empty
   * @param url of a database without runs
   * @return how many checkpoints there are
   * @throws StoreException when the backup is damaged or of a newer version, or the folder or the
   *     database is not empty
   */
  public static int make(Path backup, Path folder, DatabaseUrl url) throws StoreException {
    Path from = backup.toAbsolutePath().normalize();
    Restore restore = new Restore(from, index(from));
    restore.check();
    Path absolute = folder.toAbsolutePath().normalize();
    Folders.makeEmpty(absolute, "data folder");
    try (FolderLock lock = DataFolder.make(absolute)) {
      return restore.fill(absolute, url);
    } catch (StoreException | RuntimeException e) {
      clear(absolute, e);
      throw e;
    }
  }

  private static Backup.Index index(Path backup) throws StoreException {
    try {
      Backup.Index index =
          new ObjectMapper()
              .readValue(Files.readAllBytes(backup.resolve(Backup.INDEX)), Backup.Index.class);
      if (index.version() != Backup.VERSION) {
        throw new StoreException(
            "backup %s: it has format %d, and this Speedwell knows %d; use a newer one"
                .formatted(backup, index.version(), Backup.VERSION),
            null);
      }
      return index;
    } catch (IOException e) {
      throw new StoreException(
          "backup %s: %s cannot be read (%s); a backup without it was never finished"
              .formatted(backup, Backup.INDEX, Reason.of(e)),
          e);
    }
  }

  private void check() throws StoreException {
    for (Map.Entry<String, String> file : index.files().entrySet()) {
      Path path = backup.resolve(file.getKey()).normalize();
      String found;
      try {
        found = path.startsWith(backup) ? CheckpointFiles.hash(path) : "outside";
      } catch (IOException e) {
        throw new StoreException(
            "backup %s: %s cannot be read (%s)".formatted(backup, file.getKey(), Reason.of(e)), e);
      }
      if (!found.equals(file.getValue())) {
        throw new StoreException(
            "backup %s: %s is damaged: its SHA-256 is not the one in %s; use another backup"
                .formatted(backup, file.getKey(), Backup.INDEX),
            null);
      }
    }
  }

  private int fill(Path folder, DatabaseUrl url) throws StoreException {
    CheckpointFiles files = CheckpointFiles.open(folder.resolve("checkpoints"));
    int checkpoints = 0;
    for (Map.Entry<String, String> file : index.files().entrySet()) {
      if (file.getKey().startsWith("checkpoints/")) {
        files.take(backup.resolve(file.getKey()), file.getValue());
        checkpoints++;
      }
    }
    try (Database database = Database.open(DataFolder.engine(folder, url))) {
      Schema.migrate(database, MigrationVersion.fromVersion(index.schema()));
      database.write("restoring rows", handle -> insert(handle, folder, database));
      Schema.migrate(database);
    }
    return checkpoints;
  }

  private boolean insert(Handle handle, Path folder, Database database) throws StoreException {
    if (RunRows.any(handle)) {
      throw new StoreException(
          "%s: it holds runs already; restore into an empty database".formatted(database.engine()),
          null);
    }
    for (String table : index.tables()) {
      TableRows.insert(handle, table, backup.resolve("rows/" + table + ".jsonl"));
    }
    FolderIdentity.renew(handle, folder);
    return true;
  }

  private static void clear(Path folder, Exception why) {
    try {
      Folders.empty(folder);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }
}
