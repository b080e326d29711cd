package io.speedwell.store;

import io.speedwell.run.StoreException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the newest schema: db/migration on the class path. */
final class Schema {
  private Schema() {}

  static void migrate(DataSource database, Path folder) throws StoreException {
    try {
      Flyway.configure(Schema.class.getClassLoader())
          .dataSource(database)
          .locations("classpath:db/migration")
          .ignoreMigrationPatterns(new String[0]) // a newer server's schema is refused
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreException(
          ("data folder %s: its database cannot be used; it is damaged or was written by another"
                  + " version of Speedwell. Use that version, restore a backup or use another"
                  + " folder. (%s)")
              .formatted(folder, e.getMessage().strip().lines().findFirst().orElse("")),
          e);
    }
  }
}
