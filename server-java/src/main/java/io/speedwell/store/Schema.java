package io.speedwell.store;

import io.speedwell.run.StoreException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema of a database: db/migration on the class path. */
final class Schema {
  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

  private Schema() {}

  /** Brings a database to the newest schema. */
  static void migrate(Database database) throws StoreException {
    migrate(database, MigrationVersion.LATEST);
  }

  /** Brings a database to a schema that is not older than its own. */
  static void migrate(Database database, MigrationVersion target) throws StoreException {
    try {
      Flyway flyway = flyway(database, target);
      MigrationInfoService info = flyway.info();
      refuseNewer(database, info);
      MigrationInfo before = info.current();
      if (before != null && info.pending().length > 0) {
        String schema = before.getVersion().toString();
        database.read(
            "keeping a copy of the database",
            handle -> {
              database.engine().keepBefore(handle, schema);
              return true;
            });
        LOG.info("{}: schema {} becomes {}", database.engine(), schema, newest(info));
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw Database.unusable(database.engine(), e);
    }
  }

  /** The version of a database's schema. */
  static String version(Database database) {
    return flyway(database, MigrationVersion.LATEST).info().current().getVersion().toString();
  }

  private static Flyway flyway(Database database, MigrationVersion target) {
    return Flyway.configure(Schema.class.getClassLoader())
        .dataSource(database.source())
        .locations("classpath:db/migration")
        .ignoreMigrationPatterns(new String[0])
        .target(target)
        .loggers("slf4j")
        .load();
  }

  private static void refuseNewer(Database database, MigrationInfoService info)
      throws StoreException {
    MigrationInfo current = info.current();
    MigrationVersion newest = newest(info);
    if (current != null && current.getVersion().compareTo(newest) > 0) {
      throw new StoreException(
          ("%s: its database has schema %s of a newer Speedwell, and this one knows %s at most. Use"
                  + " the newer version, or restore a backup of this one into another folder")
              .formatted(database.engine(), current.getVersion(), newest),
          null);
    }
  }

  /** The newest schema this program knows. */
  private static MigrationVersion newest(MigrationInfoService info) {
    MigrationVersion newest = MigrationVersion.EMPTY;
    for (MigrationInfo migration : info.all()) {
      boolean known = migration.getScript() != null && migration.getState().isResolved();
      if (known && migration.getVersion().compareTo(newest) > 0) {
        newest = migration.getVersion();
      }
    }
    return newest;
  }
}
