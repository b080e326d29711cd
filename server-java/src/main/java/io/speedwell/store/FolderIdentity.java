package io.speedwell.store;

import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Binds a data folder and a database to each other: files are swept by what the rows say, so rows
 * of another folder would cost every checkpoint. The same id stands in the file {@code folder} and
 * in the table of that name.
 */
final class FolderIdentity {
  private static final String REMEDY =
      "give the data folder and the database that belong together, or begin in an empty folder and"
          + " with an empty database";

  private FolderIdentity() {}

  /** Checks that the two belong together; binds them if both are new. */
  static void bind(Database database, Path folder, boolean hasCheckpoints) throws StoreException {
    Optional<String> file = read(folder);
    Optional<String> row = database.read("reading the folder's id", FolderIdentity::row);
    if (row.isPresent() && !row.equals(file)) {
      throw new StoreException(
          "%s: it belongs to another data folder than %s; %s"
              .formatted(database.engine(), folder, REMEDY),
          null);
    }
    if (row.isEmpty()) {
      boolean history = database.read("looking for rounds", RunRows::any);
      if (hasCheckpoints && !history) {
        throw new StoreException(
            "data folder %s: it holds checkpoints of another database than %s; %s"
                .formatted(folder, database.engine(), REMEDY),
            null);
      }
      String id = file.isPresent() ? file.get() : write(folder);
      database.write(
          "writing the folder's id",
          handle -> handle.execute("INSERT INTO folder (id) VALUES (?)", id));
    }
  }

  /** Gives both a new id: the folder is another one than that of the rows' origin. */
  static void renew(Handle handle, Path folder) throws StoreException {
    handle.execute("DELETE FROM folder");
    handle.execute("INSERT INTO folder (id) VALUES (?)", write(folder));
  }

  private static Optional<String> row(Handle handle) {
    return handle.createQuery("SELECT id FROM folder").mapTo(String.class).findOne();
  }

  private static Path file(Path folder) {
    return folder.resolve("folder");
  }

  private static Optional<String> read(Path folder) throws StoreException {
    try {
      return Files.exists(file(folder))
          ? Optional.of(Files.readString(file(folder)).strip()).filter(id -> !id.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      throw new StoreException(
          "data folder %s: its id cannot be read (%s)".formatted(folder, Reason.of(e)), e);
    }
  }

  private static String write(Path folder) throws StoreException {
    String id = UUID.randomUUID().toString();
    try (DurableFile out = DurableFile.create(file(folder))) {
      out.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
      out.close();
      DurableFile.syncFolder(folder);
      return id;
    } catch (IOException e) {
      throw new StoreException(
          "data folder %s: its id cannot be written (%s)".formatted(folder, Reason.of(e)), e);
    }
  }
}
