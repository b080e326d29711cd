package io.speedwell.cli;

import io.speedwell.run.StoreException;
import io.speedwell.store.DatabaseUrl;
import io.speedwell.store.Retention;
import io.speedwell.store.StoreSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a data folder's database is; the same for every command that opens one. */
public final class StoreOptions {
  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "A PostgreSQL database instead of the one in the data folder, such as"
              + " jdbc:postgresql://host/fleet?user=speedwell.")
  private String database;

  @Option(
      names = "--database-password-file",
      paramLabel = "FILE",
      description = "Holds the database's password; readable for its owner alone.")
  private Path passwordFile;

  /** The database that was named, or that of the data folder. */
  DatabaseUrl url() {
    if (database == null) {
      return DatabaseUrl.EMBEDDED;
    }
    try {
      return DatabaseUrl.of(database, Optional.ofNullable(passwordFile));
    } catch (StoreException e) {
      throw new UserError(ExitCodes.USAGE, e.getMessage(), e);
    }
  }

  /** For a folder whose checkpoints are left as they are. */
  public StoreSettings keepingAll() {
    return keeping(Retention.ALL);
  }

  StoreSettings keeping(Retention rule) {
    return new StoreSettings(url(), rule);
  }
}
